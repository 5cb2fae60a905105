"""The command line: a noun, then a verb. Heavy imports live inside the commands."""


def main() -> None:
    """Run the command line; the console script's entry point."""
    from examrunner.cli.app import app

    app()
