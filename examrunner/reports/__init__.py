"""Scores as people and machines read them, in both languages."""
