"""The fault box: its relays, its arming, and that it is clear before and after."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from examrunner.agent.doctor.findings import Finding, fail, ok
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
        yield fail(
            WHAT,
            "it does not accept this station's key.",
            "Give the station profile and the box the same key.",
        )
        return
    yield _relays(facts.self_test)
    if facts.armed is False or facts.disarmed is True:
        yield fail(
            f"{WHAT} arming",
            "it does not arm and disarm as it is told.",
            "Turn its key switch to remote and release the emergency stop.",
        )
    elif facts.active:
        yield fail(
            f"{WHAT} arming",
            f"{facts.active} faults are still set after clearing.",
            "Switch the box off and on; if they stay, keep candidates away.",
        )
    else:
        said = "arms and disarms" if facts.armed else "takes arming; says nothing of it"
        yield ok(f"{WHAT} arming", f"{said}, and no fault is set.")


def _relays(result: str) -> Finding:
    what = f"{WHAT} relays"
    if result == "ok":
        return ok(what, "every relay was set, read back and cleared.")
    if result == "interlock":
        return fail(
            what,
            "it refuses: the rig moves or the emergency stop is pressed.",
            "Bring the rig to a stand and release the emergency stop.",
        )
    if result == "readback_fail":
        return fail(
            what,
            "a relay does not read back as it was set.",
            "Let a technician replace the relay; offer no faults until then.",
        )
    return fail(
        what, f"the self-test says '{result}'.", "Check its supply and its version."
    )


def _armed(state: Mapping[str, object]) -> bool | None:
    armed = state.get("armed")
    return armed if isinstance(armed, bool) else None


def _count(active: object) -> int:
    return len(active) if isinstance(active, list | tuple) else 0
