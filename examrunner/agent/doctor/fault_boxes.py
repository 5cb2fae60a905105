"""The fault box: its relays, its arming, and that it is clear before and after."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from examrunner.agent.doctor.findings import Finding, fail, ok
from examrunner.agent.doctor.sentences import say
from examrunner.drivers.links import FaultBoxLink

WHAT = "fault box"


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxFacts:
    """What a fault box answered.

    Attributes:
        found: Result of clearing it.
        self_test: Result of its self-test: every relay set, read back, and cleared.
        armed: What it says of itself after arming; None if it does not say.
        disarmed: The same after disarming.
        active: Faults that are set after all of it.
    """

    found: str
    self_test: str
    armed: bool | None
    disarmed: bool | None
    active: int


def exercise(box: FaultBoxLink) -> BoxFacts:
    """Clears the box, lets it test every relay, arms and disarms it.

    Raises:
        RigError: If it does not answer.
    """
    found = box.command("clear_all", {}).result
    self_test = box.command("selftest", {}).result
    box.command("arm", {})
    armed = box.command("state", {}).state
    box.command("disarm", {})
    box.command("clear_all", {})
    left = box.command("state", {}).state
    return BoxFacts(
        found=found,
        self_test=self_test,
        armed=_armed(armed),
        disarmed=_armed(left),
        active=_count(left.get("active")),
    )


def judged(facts: BoxFacts) -> Iterator[Finding]:
    """What the answers mean."""
    if "bad_mac" in {facts.found, facts.self_test}:
        yield fail(WHAT, say("box.key"), say("box.same_key"))
        return
    yield _relays(facts.self_test)
    what = f"{WHAT} arming"
    if facts.armed is False or facts.disarmed is True:
        yield fail(what, say("box.does_not_arm"), say("box.remote"))
    elif facts.active:
        said = say("box.faults_left", active=facts.active)
        yield fail(what, said, say("box.off_and_on"))
    else:
        yield ok(what, say("box.arms" if facts.armed else "box.takes_arming"))


def _relays(result: str) -> Finding:
    what = f"{WHAT} relays"
    if result == "ok":
        return ok(what, say("relays.right"))
    if result == "interlock":
        return fail(what, say("relays.interlock"), say("relays.stand"))
    if result == "readback_fail":
        return fail(what, say("relays.readback"), say("relays.replace"))
    return fail(what, say("relays.other", result=result), say("relays.supply"))


def _armed(state: Mapping[str, object]) -> bool | None:
    armed = state.get("armed")
    return armed if isinstance(armed, bool) else None


def _count(active: object) -> int:
    return len(active) if isinstance(active, list | tuple) else 0
