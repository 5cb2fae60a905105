"""Rigs without hardware: physics, ECUs, cameras, fault box, scripted candidates."""
