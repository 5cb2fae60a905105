from itertools import count

from examrunner.bench.harness import Case, run


def test_medians_leave_out_the_first_round_and_ratios_follow_what_is_better():
    ours, theirs = count(0), count(10, 10)
    case = Case(
        case="c",
        unit="ms",
        better="lower",
        ours=lambda: float(next(ours)),
        peers={"peer": lambda: float(next(theirs))},
        limit=2.0,
        limit_ratio={"peer": 10.0},
    )

    told = run("name", [case], rounds=3)["cases"][0]

    assert told["ours"] == 2.0
    assert told["peers"] == {"peer": 30.0}
    assert told["ratio"] == {"peer": 15.0}
    assert told["reached"]


def test_a_case_short_of_its_ratio_is_not_reached():
    case = Case(
        case="c",
        unit="1/s",
        better="higher",
        ours=lambda: 9.0,
        peers={"peer": lambda: 1.0},
        limit_ratio={"peer": 10.0},
    )

    assert not run("name", [case], rounds=1)["cases"][0]["reached"]
