"""Every message between a station and the service, grouped by direction."""
