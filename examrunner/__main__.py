"""``python -m examrunner``: the command line, for processes that start each other."""

from examrunner.cli import main

main()
