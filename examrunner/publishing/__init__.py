"""Bring grades to course systems and certificates to their holders."""
