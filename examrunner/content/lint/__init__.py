"""What is wrong with a task although every key of it is right: begin in ``linter``."""
