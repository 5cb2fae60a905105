"""What a run of mutants says."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from trial import Fate, Trial

EQUIVALENT = Path(__file__).parent / "equivalent.yaml"


def equivalents() -> set[tuple[str, str, str, str]]:
    """Mutants that do what the code does, each with its reason in the file."""
    said = YAML(typ="safe").load(EQUIVALENT.read_text("utf-8")) or []
    for each in said:
        if not each["why"]:
            raise SystemExit(f"{EQUIVALENT}: say why {each} changes nothing.")
    return {(e["file"], e["function"], e["was"], e["now"]) for e in said}


def as_text(trials: Sequence[Trial]) -> str:
    """Survivors, then a line for each file, then the sum."""
    survivors = [f"{t.fate}: {t.mutant}\n" for t in trials if not t.is_noticed]
    files = sorted({trial.mutant.file for trial in trials})
    rows = [_row(file, [t for t in trials if t.mutant.file == file]) for file in files]
    head = f"{'killed':>8}{'timeout':>9}{'survived':>10}{'unreached':>11}{'share':>8}"
    total = _row("all", trials)
    return "\n".join(["".join(survivors), head, *rows, total]) + "\n"


def _row(name: str, trials: Sequence[Trial]) -> str:
    found = counted(trials)
    counts = (
        f"{found['killed']:>8}{found['timeout']:>9}"
        f"{found['survived']:>10}{found['unreached']:>11}"
    )
    return f"{counts}{found['noticed']:>8.1%}  {name}"


def counted(trials: Sequence[Trial]) -> dict[str, Any]:
    """How many had each fate, and the share that the tests noticed."""
    fates = {fate.value: sum(trial.fate is fate for trial in trials) for fate in Fate}
    noticed = sum(trial.is_noticed for trial in trials) / len(trials)
    return {**fates, "noticed": round(noticed, 4)}


def as_json(trials: Sequence[Trial]) -> dict[str, Any]:
    """The same as a document."""
    files = sorted({trial.mutant.file for trial in trials})
    return {
        "all": counted(trials),
        "files": {
            file: counted([t for t in trials if t.mutant.file == file])
            for file in files
        },
        "survivors": [_survivor(trial) for trial in trials if not trial.is_noticed],
    }


def _survivor(trial: Trial) -> dict[str, Any]:
    mutant = trial.mutant
    return {
        "fate": trial.fate.value,
        "file": mutant.file,
        "line": mutant.lines[0],
        "function": mutant.function,
        "was": mutant.was,
        "now": mutant.now,
    }
