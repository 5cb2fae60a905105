"""The wires of the buses: harness, faults of wires, error frames."""
