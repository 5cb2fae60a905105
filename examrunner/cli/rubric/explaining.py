"""A rubric as the sentences that an examiner reads out."""

import re
from collections.abc import Iterator
from typing import Final

from examrunner.criteria.wording import say
from examrunner.model.rubric import CriticalLimit, Deduction, Line, Rubric
from examrunner.model.text import Text

SECRET: Final = re.compile(r"\$\{?variant\.(\w+)\}?")
WORDS: Final = {
    "secret": Text(zh="变体的 {name}", en="the variant's {name}"),
    "limits": Text(
        zh="时间 {minutes} 分钟，满分 {most} 分；{cuts}；关键项不合格最多 {cap} 分",
        en="{minutes} minutes, {most} points; {cuts}; at most {cap} once a critical "
        "item fails",
    ),
    "pass": Text(zh="{points} 分合格", en="pass {points}"),
    "good": Text(zh="{points} 分良好", en="good {points}"),
    "excellent": Text(zh="{points} 分优秀", en="excellent {points}"),
    "minimum": Text(
        zh="{group} 组得分不足 {share} % 则不合格",
        en="Less than {share} % of group {group} fails the task",
    ),
    "variants": Text(
        zh="变体：考试 {exam}；练习 {practice}",
        en="Variants: exam {exam}; practice {practice}",
    ),
    "f_is_zero": Text(zh="关键项：零分则不合格", en="critical: nothing earned fails"),
    "never_settles": Text(
        zh="关键项：不能稳定则不合格", en="critical: a step that never settles fails"
    ),
    "value_above": Text(
        zh="关键项：大于 {value} 则不合格", en="critical: above {value} fails"
    ),
    "value_below": Text(
        zh="关键项：小于 {value} 则不合格", en="critical: below {value} fails"
    ),
    "requires": Text(
        zh="需要 {criterion} 至少 {share} %，否则乘以 {factor}",
        en="needs {share} % of {criterion}, else times {factor}",
    ),
    "when": Text(zh="仅限变体 {variants}", en="only variants {variants}"),
    "fail": Text(zh="没有记录则不得分", en="what was not recorded earns nothing"),
    "na": Text(zh="没有记录则不评", en="what was not recorded does not count"),
    "no_record_passes": Text(
        zh="没有记录则得满分", en="what was not recorded earns everything"
    ),
    "vetoes": Text(
        zh="否决（经考评员确认后总分为零）",
        en="Vetoes (zero points once an examiner confirms)",
    ),
    "deductions": Text(zh="扣分", en="Deductions"),
    "each": Text(
        zh="每次从 {group} 组扣 {points}，最多 {cap}",
        en="{points} each from group {group}, {cap} at most",
    ),
    "escalates": Text(zh="第 {count} 次起否决", en="a veto from number {count} on"),
}


def explained(rubric: Rubric, language: str) -> Iterator[str]:
    """The lines of a rubric in ``zh`` or ``en``."""
    for line in _lines(rubric, language):
        yield SECRET.sub(lambda found: _word("secret", language, name=found[1]), line)


def _lines(rubric: Rubric, language: str) -> Iterator[str]:
    title = rubric.title.in_language(language)
    yield f"{rubric.id} {title}, {rubric.revision}"
    yield from _conditions(rubric, language)
    for group in rubric.groups:
        yield f"{group.id} {group.title.in_language(language)}: {group.points:f}"
        for line in group.lines:
            yield from _line(line, language)
    if rubric.vetoes:
        yield _word("vetoes", language)
    for veto in rubric.vetoes:
        yield f"  {veto.code:<4} {veto.title.in_language(language)}"
        yield f"       {say(veto.criterion.rule(), language)}"
    if rubric.deductions:
        yield _word("deductions", language)
    for each in rubric.deductions:
        yield f"  {each.id:<4} {each.title.in_language(language)}"
        yield f"       {say(each.criterion.rule(), language)}"
        yield f"       ({_cost(each, language)})"


def _conditions(rubric: Rubric, language: str) -> Iterator[str]:
    """Time, cuts, minima and variants."""
    cuts = {"pass": rubric.cuts.passing, "good": rubric.cuts.good}
    cuts["excellent"] = rubric.cuts.excellent
    told = [
        _word(name, language, points=f"{points:f}")
        for name, points in cuts.items()
        if points is not None
    ]
    yield _word(
        "limits",
        language,
        minutes=f"{rubric.limit_s / 60:g}",
        most=f"{rubric.max_points:f}",
        cuts=_listed(told, language),
        cap=f"{rubric.cuts.fail_cap:f}",
    )
    for group, share in rubric.group_minima.items():
        yield _word("minimum", language, group=group, share=f"{100 * share:g}")
    pools: dict[str, list[str]] = {"exam": [], "practice": []}
    for variant in rubric.variants.values():
        pools[variant.pool].append(variant.id)
    named = {pool: _listed(names, language) for pool, names in pools.items()}
    yield _word("variants", language, **named)


def _line(line: Line, language: str) -> Iterator[str]:
    yield f"  {line.id:<4}{line.points:>5f}  {line.title.in_language(language)}"
    yield f"             {say(line.criterion.rule(), language)}"
    noted = list(_notes(line, language))
    if noted:
        yield f"             ({'; '.join(noted)})"


def _notes(line: Line, language: str) -> Iterator[str]:
    """What surrounds the question: limit, gate, variants, missing tracks."""
    if line.critical_limit is not None:
        yield _critical(line.critical_limit, language)
    if line.gate is not None:
        yield _word(
            "requires",
            language,
            criterion=line.gate.criterion,
            share=f"{100 * line.gate.min_fraction:g}",
            factor=f"{line.gate.else_factor:g}",
        )
    if line.when:
        yield _word("when", language, variants=_listed(line.when, language))
    if line.on_missing in {"fail", "na"}:
        yield _word(line.on_missing, language)
    if line.on_missing == "pass":
        yield _word("no_record_passes", language)


def _critical(limit: CriticalLimit, language: str) -> str:
    value = "" if limit.value is None else f"{limit.value:g}"
    return _word(limit.rule, language, value=value)


def _cost(deduction: Deduction, language: str) -> str:
    cost = _word(
        "each",
        language,
        group=deduction.group,
        points=f"{deduction.points:f}",
        cap=f"{deduction.cap:f}",
    )
    if deduction.then_veto_at is None:
        return cost
    return f"{cost}; {_word('escalates', language, count=str(deduction.then_veto_at))}"


def _listed(parts: list[str] | tuple[str, ...], language: str) -> str:
    return ("、" if language == "zh" else ", ").join(parts) or "-"


def _word(key: str, language: str, **values: str) -> str:
    return WORDS[key].in_language(language).format(**values)
