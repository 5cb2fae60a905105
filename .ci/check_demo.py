"""Fails unless the demo's JSON says what the README promises."""

import json
import sys
from pathlib import Path

TASKS = {"C01", "C06", "F13"}
PROFILES = {"competent", "sloppy", "cheating"}
SLOPPY_BANDS = {"C01": (48.6, 50.4), "C06": (77.0, 83.1), "F13": (73.0, 74.6)}
COMPETENT_LEAST = 97
LONGEST_S = 240


def mistakes(demo: dict) -> list[str]:
    """What the demo's JSON says that it must not, as sentences."""
    found = []
    cells = {(one["profile"], one["task"]): one for one in demo["attempts"]}
    if set(cells) != {(profile, task) for profile in PROFILES for task in TASKS}:
        found.append(f"attempts of {sorted(cells)}")
    for (profile, task), one in sorted(cells.items()):
        low, high = float(one["points"]["low"]), float(one["points"]["high"])
        said = f"{profile} {task}: {low}..{high} {one['verdict']}"
        if low != high:
            found.append(f"{said} is not decided")
        if profile == "competent" and low < COMPETENT_LEAST:
            found.append(f"{said} is below {COMPETENT_LEAST}")
        if profile == "cheating" and one["verdict"] == "pass":
            found.append(f"{said} passes")
        if (
            profile == "sloppy"
            and not SLOPPY_BANDS[task][0] <= low <= (SLOPPY_BANDS[task][1])
        ):
            found.append(f"{said} is outside {SLOPPY_BANDS[task]}")
    if len(demo["grades"]) != len(PROFILES):
        found.append(f"{len(demo['grades'])} grades")
    if demo["seconds"] > LONGEST_S:
        found.append(f"it took {demo['seconds']:.0f} s, {LONGEST_S} are allowed")
    return found


if __name__ == "__main__":
    wrong = mistakes(json.loads(Path(sys.argv[1]).read_text()))
    sys.stdout.write(
        "\n".join(wrong) + ("\n" if wrong else "the demo is as promised\n")
    )
    sys.exit(bool(wrong))
