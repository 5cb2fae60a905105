"""Why a grade came out as it did, in both languages."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from examrunner.grading.components import ComponentGrade, Standing, rounded
from examrunner.model.grade import Level, Scheme
from examrunner.model.text import Text

COMPONENTS: Final = {
    Standing.REACHED: Text(
        zh="{task}：{points} 分，达到最低要求 {minimum} 分。",
        en="{task}: {points} points; at least {minimum} were needed.",
    ),
    Standing.BELOW_MINIMUM: Text(
        zh="{task}：{points} 分，低于最低要求 {minimum} 分，整项证书不合格。",
        en="{task}: {points} points are below the minimum of {minimum}, "
        "which fails the certificate.",
    ),
    Standing.VETO: Text(
        zh="{task}：一票否决已确认，整项证书不合格。",
        en="{task}: a veto was confirmed, which fails the certificate.",
    ),
    Standing.UNDECIDED: Text(
        zh="{task}：仍有项目待考评员裁定。",
        en="{task}: an examiner still has to decide.",
    ),
    Standing.MISSING: Text(
        zh="{task}：尚无已确认的成绩。",
        en="{task}: no confirmed result yet.",
    ),
}

OPEN: Final = Text(
    zh="总评：{tasks} 未完成，成绩待定。",
    en="Overall: open until {tasks} is complete.",
)
REACHED: Final = Text(
    zh="总评：加权平均 {points} 分，达到{level}（{cut} 分起）。",
    en="Overall: the weighted mean of {points} points reaches {level} (from {cut}).",
)
BELOW: Final = Text(
    zh="总评：加权平均 {points} 分，低于合格线 {cut} 分。",
    en="Overall: the weighted mean of {points} points is below the pass mark of {cut}.",
)
BARRED: Final = Text(
    zh="总评：加权平均 {points} 分，但 {tasks} 未达要求，不合格。",
    en="Overall: the weighted mean is {points} points, but {tasks} did not pass.",
)


def component_sentence(part: ComponentGrade) -> Text:
    """One component's standing with points and minimum."""
    return _filled(
        COMPONENTS[part.standing],
        task=part.component.task,
        points=_shown(part.points),
        minimum=_shown(part.component.minimum),
    )


def whole_sentence(
    points: Decimal | None,
    level: Level | None,
    parts: Sequence[ComponentGrade],
    scheme: Scheme,
) -> Text:
    """What became of the whole, and which component decided it."""
    waiting = [p.component.task for p in parts if p.standing.is_open]
    failing = [p.component.task for p in parts if p.standing is not Standing.REACHED]
    shown = _shown(points)
    if waiting:
        return _filled(OPEN, tasks=", ".join(waiting))
    if failing:
        return _filled(BARRED, points=shown, tasks=", ".join(failing))
    if level is None:
        cut = _shown(scheme.levels[-1].from_points)
        return _filled(BELOW, points=shown, cut=cut)
    cut = _shown(level.from_points)
    return _filled(REACHED, points=shown, level=level.title, cut=cut)


def _filled(text: Text, **values: str | Text) -> Text:
    def worded(language: str) -> str:
        words = {
            key: value.in_language(language) if isinstance(value, Text) else value
            for key, value in values.items()
        }
        return text.in_language(language).format(**words)

    return Text(zh=worded("zh"), en=worded("en"))


def _shown(points: Decimal | None) -> str:
    return "" if points is None else f"{rounded(points).normalize():f}"
