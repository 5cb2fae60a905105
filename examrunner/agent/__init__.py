"""The station process: leases an attempt, captures it, scores it, delivers it."""
