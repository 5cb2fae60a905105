"""A score as a message: sentences worded, points as decimal text."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from examrunner.criteria.wording import say
from examrunner.model.judgement import Evidence, Judgement, Measured, Sentence
from examrunner.model.rubric import Rubric
from examrunner.model.score import CriterionScore, Flag, Points, Score
from examrunner.model.text import Text
from examrunner.wire import (
    CriterionMessage,
    EvidenceMessage,
    FlagMessage,
    MachineWord,
    MeasuredMessage,
    PointsMessage,
    ScoreMessage,
    Words,
)


def score_message(score: Score, rubric: Rubric) -> ScoreMessage:
    """A score for a station, the service or a page; titles come from the rubric."""
    titles = titles_of(rubric)
    return ScoreMessage(
        points=points_message(score.points),
        verdict=score.verdict.value,
        criteria=[_criterion(line, titles) for line in score.criteria],
        flags=[_flag(flag) for flag in score.flags],
        digests={
            "recording": score.digests.recording,
            "rubric": score.digests.rubric,
            "case": score.digests.case,
            "databases": dict(score.digests.databases),
        },
        software=dict(score.software),
    )


def titles_of(rubric: Rubric) -> Mapping[str, Text]:
    """Title of every line, veto and deduction by id."""
    return {
        **{line.id: line.title for line in rubric.lines()},
        **{veto.code: veto.title for veto in rubric.vetoes},
        **{each.id: each.title for each in rubric.deductions},
    }


def points_message(points: Points) -> PointsMessage:
    """Points without an exponent."""
    return PointsMessage(
        low=_plain(points.low), high=_plain(points.high), max=_plain(points.max)
    )


def words(sentence: Sentence) -> Words:
    """A sentence in both languages."""
    return Words(zh=say(sentence, "zh"), en=say(sentence, "en"))


def _criterion(line: CriterionScore, titles: Mapping[str, Text]) -> CriterionMessage:
    title = titles.get(line.id, Text(zh="", en=""))
    return CriterionMessage(
        id=line.id,
        kind=line.kind,
        title=Words(zh=title.zh, en=title.en),
        outcome=line.outcome.value,
        points=points_message(line.points),
        fraction=line.fraction,
        measured=_measured(line.machine.measured),
        rule=words(line.rule),
        reason=words(line.reason),
        evidence=_evidence(line.machine.evidence),
        machine=_machine(line.machine),
    )


def _machine(judgement: Judgement) -> MachineWord:
    return MachineWord(
        outcome=judgement.outcome.value,
        fraction=judgement.fraction,
        reason=words(judgement.reason),
    )


def _measured(measured: Measured | None) -> MeasuredMessage | None:
    if measured is None:
        return None
    return MeasuredMessage(value=measured.value, unit=measured.unit)


def _evidence(spans: Iterable[Evidence]) -> list[EvidenceMessage]:
    return [
        EvidenceMessage(stream=one.stream, from_s=one.from_s, to_s=one.to_s)
        for one in spans
    ]


def _flag(flag: Flag) -> FlagMessage:
    return FlagMessage(
        kind=flag.kind, text=words(flag.text), evidence=_evidence(flag.evidence)
    )


def _plain(points: Decimal) -> Decimal:
    return Decimal(f"{points.normalize():f}")
