"""The nouns: frozen values that every other package passes on; no IO in here."""
