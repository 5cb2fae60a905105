"""The station's own screen: sheet, clock, answer form and bench tool on 127.0.0.1."""
