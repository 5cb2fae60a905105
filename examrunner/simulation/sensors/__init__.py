"""Sensors of the ADAS bench: what each measures and says on the bus."""
