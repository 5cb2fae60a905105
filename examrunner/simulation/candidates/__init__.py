"""Scripted candidates: what somebody does who can, who hurries, who cheats."""
