"""Bring results and recordings from the station to the service, exactly once."""
