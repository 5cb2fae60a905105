"""The tables of ``states.md``, from what the code does."""

from collections.abc import Iterable, Sequence

from examrunner.agent.fault_life import FAULT_STEPS, SAFE
from examrunner.agent.outcomes import CONSEQUENCES
from examrunner.agent.pause_causes import CAUSE_WORDS
from examrunner.agent.states import GUARDS, STEPS


def all_tables() -> dict[str, str]:
    """Every table as Markdown, by the name of its place in ``states.md``."""
    return {
        "attempt": _table(
            ("phase", "signal", "next phase", "only if"),
            (
                (phase, signal, following, GUARDS.get(signal, ""))
                for (phase, signal), following in STEPS.items()
            ),
        ),
        "fault": _table(
            ("fault", "signal", "becomes", "may be left behind"),
            (
                (life, signal, following, "yes" if following in SAFE else "no")
                for (life, signal), following in FAULT_STEPS.items()
            ),
        ),
        "outcomes": _table(
            ("outcome", "中文", "English", "recording ends as", "void", "sat again",
             "chosen by examiner"),
            (
                (code, one.words.zh, one.words.en, one.ending, _yes(one.voids),
                 _yes(one.resits), _yes(one.by_examiner))
                for code, one in CONSEQUENCES.items()
            ),
        ),
        "causes": _table(
            ("cause", "中文", "English"),
            ((cause, words.zh, words.en) for cause, words in CAUSE_WORDS.items()),
        ),
    }  # fmt: skip


def _yes(value: bool) -> str:
    return "yes" if value else ""


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(map(str, line)) + " |\n" for line in lines)
