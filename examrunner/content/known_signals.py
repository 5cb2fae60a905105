"""What the databases of a rig say about its signals."""

from collections import Counter
from collections.abc import Mapping

from examrunner.content.rubric_signals import KnownSignal
from examrunner.content.search import SearchPath
from examrunner.criteria.body_series import HOLD_S, names_of
from examrunner.decode.databases import load_database
from examrunner.decode.plans import Kind, MessagePlan, SignalPlan
from examrunner.model.station import Rig


def known_signals(rig: Rig, path: SearchPath) -> Mapping[str, KnownSignal]:
    """Every signal of a rig by ``Message.Signal`` and ``channel:Message.Signal``.

    Positions of bodies are signals too, ``body@reference.component``.

    A message that several channels carry has only the second name.

    Raises:
        ContentError: If a database is missing or wrong.
    """
    found: dict[str, KnownSignal] = {}
    carried: Counter[str] = Counter()
    for channel in rig.channels:
        file = path.find("dbc", channel.database)
        for plan in load_database(file.read_bytes(), file.name).messages:
            signals = _signals(plan, channel.name)
            carried[plan.name] += 1
            found |= {f"{channel.name}:{name}": one for name, one in signals.items()}
            found |= signals
    single = {
        name: one for name, one in found.items() if carried[name.partition(".")[0]] <= 1
    }
    return single | {
        name: KnownSignal(unit=unit, step=0.0, hold_s=HOLD_S)
        for name, unit in names_of(tuple(rig.bodies)).items()
    }


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
            data_id=plan.data_id,
            low=_ends(signal)[0],
            high=_ends(signal)[1],
            can_id=plan.can_id,
            extended=plan.extended,
            senders=plan.senders,
            length=plan.length,
            fd=plan.fd,
        )
        for signal in plan.signals
    }


def _ends(signal: SignalPlan) -> tuple[float | None, float | None]:
    """Smallest and largest value in engineering units; None without a limit."""
    if signal.layout.kind is Kind.FLOAT:
        return signal.low, signal.high
    ends = [
        None if raw is None else float(raw * signal.scale + signal.offset)
        for raw in (signal.low, signal.high)
    ]
    return (ends[1], ends[0]) if signal.scale < 0 else (ends[0], ends[1])
