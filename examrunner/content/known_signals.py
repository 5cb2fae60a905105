"""What the databases of a rig say about its signals."""

from collections.abc import Mapping

from examrunner.content.rubric_signals import KnownSignal
from examrunner.content.search import SearchPath
from examrunner.decode.databases import load_database
from examrunner.decode.plans import MessagePlan
from examrunner.model.station import Rig


def known_signals(rig: Rig, path: SearchPath) -> Mapping[str, KnownSignal]:
    """Every signal of a rig by ``Message.Signal``.

    Raises:
        ContentError: If a database is missing or wrong.
    """
    found: dict[str, KnownSignal] = {}
    for channel in rig.channels:
        file = path.find("dbc", channel.database)
        database = load_database(file.read_bytes(), file.name)
        for plan in database.messages:
            found |= _signals(plan, channel.name)
    return found


def _signals(plan: MessagePlan, channel: str) -> dict[str, KnownSignal]:
    return {
        f"{plan.name}.{signal.name}": KnownSignal(
            channel=channel,
            unit=signal.unit,
            choices=signal.choices,
            step=float(signal.scale),
            cycle_s=plan.cycle_s,
            timeout_s=plan.timeout_s,
            hold_s=plan.hold_s,
        )
        for signal in plan.signals
    }
