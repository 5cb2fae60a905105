"""Recordings on disk: write, recover, verify, pack, import and export."""
