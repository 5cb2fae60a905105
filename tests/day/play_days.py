"""Plays simulated days: ``uv run python tests/day/play_days.py --seed 17``."""

import argparse
import sys

import day


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="of the first day")
    parser.add_argument("--days", type=int, default=1, help="how many seeds")
    parser.add_argument("--full", action="store_true", help="20 stations, 496 attempts")
    parser.add_argument("--calm", action="store_true", help="nothing goes wrong")
    asked = parser.parse_args()
    hall = day.FULL if asked.full else day.SMALL
    bad = 0
    for seed in range(asked.seed, asked.seed + asked.days):
        played = day.play(seed, hall, day.CALM if asked.calm else day.ROUGH)
        problems = day.problems_of(played, hall)
        bad += bool(problems)
        sys.stdout.write(
            f"seed {seed}: {len(played.totals)} of {hall.attempts} scored, done after "
            f"{played.ended_s / 3600:.1f} h, {len(played.faults)} faults, "
            f"{dict(played.deaths)}, {played.acked} answers saved\n"
        )
        if problems:
            sys.stdout.write("\n".join([*played.faults, *problems, ""]))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
