"""examrunner rig simulate."""

import json
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from examrunner.cli.content_roots import ContentRoots, search_path
from examrunner.cli.output import clear_errors, print_json
from examrunner.model.errors import ExamRunnerError

if TYPE_CHECKING:
    from examrunner.content.search import SearchPath
    from examrunner.simulation.workshop import Plan

EXAMPLE: Final = (
    "Example: examrunner rig simulate chassis_bywire --task C06 "
    "--candidate competent --seed 7 --out c06"
)


def simulate(
    station: Annotated[str, typer.Argument(help="A station, or a rig type.")],
    candidate: Annotated[
        str | None,
        typer.Option(
            help="competent, sloppy, cheating, guesser, idle, replayer or slow."
        ),
    ] = None,
    task: Annotated[str | None, typer.Option(help="What the candidate does.")] = None,
    variant: Annotated[str | None, typer.Option(help="Variant of the task.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="Same seed, same recording.")] = 1,
    out: Annotated[
        Path | None, typer.Option(help="Write a recording, without bus or station.")
    ] = None,
    case_out: Annotated[
        Path | None,
        typer.Option(help="Folder for case.json and decisions.json of the attempt."),
    ] = None,
    listen: Annotated[
        str | None, typer.Option(metavar="127.0.0.1:PORT", help="Offer live ports.")
    ] = None,
    speed: Annotated[float, typer.Option(min=0.01, help="Rig time per time.")] = 1.0,
    fault_key: Annotated[
        str, typer.Option(help="Key that codes of fault-box commands are checked with.")
    ] = "",
    cache: Annotated[
        Path | None, typer.Option(help="Folder for tables that take long.")
    ] = None,
    content: ContentRoots = None,
) -> None:
    """Play a rig: straight into a recording, or behind live ports."""
    with clear_errors():
        from examrunner.simulation.session import Part
        from examrunner.simulation.workshop import plan_of

        unfinished = (candidate is None) != (task is None)
        if unfinished or (out and (listen or candidate is None)):
            raise _contradiction()
        part = Part(task=task, profile=candidate) if task and candidate else None
        plan = plan_of(
            station,
            search_path(content),
            seed=seed,
            cache=cache or Path.home() / ".cache" / "examrunner",
            part=part,
            variant=variant,
        )
        if candidate == "replayer":
            plan = _taped(plan, search_path(content))
        if case_out is not None:
            from examrunner.simulation.attempt_files import write_attempt_files

            write_attempt_files(plan, case_out)
        if out is not None:
            from examrunner.simulation.recorded import record

            digest = record(plan, out)
            print_json({"recording": str(out), "digest": digest})
        else:
            _serve(plan, listen or "127.0.0.1:0", speed, fault_key.encode())


def _taped(plan: "Plan", search: "SearchPath") -> "Plan":
    from examrunner.simulation.yesterday import with_tape

    with tempfile.TemporaryDirectory(prefix="examrunner-yesterday-") as folder:
        return with_tape(plan, search, Path(folder) / "recording")


def _serve(plan: "Plan", listen: str, speed: float, fault_key: bytes) -> None:
    import asyncio

    from examrunner.simulation.live import LiveRig, Terms
    from examrunner.simulation.workshop import build

    host, _, port = listen.rpartition(":")
    if host != "127.0.0.1" or not port.isdigit():
        raise ExamRunnerError(
            f"a rig cannot listen on '{listen}'.",
            where="--listen",
            remedy="Use 127.0.0.1:PORT; port 0 takes any that is free.",
        )
    terms = Terms(host=host, port=int(port), speed=speed, fault_key=fault_key)
    live = LiveRig(build(plan), terms, _announce)
    asyncio.run(live.run())


def _announce(ready: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(ready) + "\n")
    sys.stdout.flush()


def _contradiction() -> ExamRunnerError:
    return ExamRunnerError(
        "the options do not say what to play.",
        where="command line",
        remedy="Give --candidate and --task together; --out needs them, and no "
        "--listen.",
    )
