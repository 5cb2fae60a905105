"""Run a task on a rig and record it: a thread per stream, one clock, a stated end."""
