"""Rigs without hardware: the same frames, pictures and answers from the same seed."""
