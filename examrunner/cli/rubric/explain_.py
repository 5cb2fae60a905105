"""examrunner rubric explain."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from examrunner.cli.content_roots import ContentRoots, search_path
from examrunner.cli.output import clear_errors, print_json

if TYPE_CHECKING:
    from examrunner.model.rubric import Rubric

HEADINGS = {
    "critical": {"zh": "关键项", "en": "critical"},
    "requires": {"zh": "需要证据", "en": "requires"},
    "vetoes": {"zh": "否决", "en": "Vetoes"},
    "deductions": {"zh": "扣分", "en": "Deductions"},
    "cap": {"zh": "每次扣 {points}，最多 {cap}", "en": "{points} each, {cap} at most"},
}


def explain(
    rubric: Annotated[str, typer.Argument(help="Rubric file, folder or name.")],
    lang: Annotated[Literal["zh", "en"], typer.Option(help="Language.")] = "en",
    content: ContentRoots = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Print a rubric as the sentences that an examiner reads out."""
    with clear_errors():
        from examrunner.content.rubrics import read_rubric

        file = Path(rubric)
        if not file.exists():
            file = search_path(content).find("rubric", rubric)
        found = read_rubric(file)
    lines = list(_lines(found, lang))
    if as_json:
        print_json({"id": found.id, "revision": found.revision, "lines": lines})
        return
    typer.echo("\n".join(lines))


def _lines(rubric: "Rubric", lang: str) -> list[str]:
    from examrunner.criteria.wording import say

    words = {key: text[lang] for key, text in HEADINGS.items()}
    found = [f"{rubric.id} {rubric.title.in_language(lang)}, {rubric.revision}"]
    for group in rubric.groups:
        found.append(f"{group.id} {group.title.in_language(lang)}: {group.points:f}")
        for line in group.lines:
            marks = [words["critical"]] if line.critical else []
            if line.gate:
                marks.append(f"{words['requires']} {line.gate.criterion}")
            noted = f" ({', '.join(marks)})" if marks else ""
            title = line.title.in_language(lang)
            found.append(f"  {line.id:<4}{line.points:>5f}  {title}{noted}")
            found.append(f"             {say(line.criterion.rule(), lang)}")
    found.append(words["vetoes"])
    for veto in rubric.vetoes:
        found.append(f"  {veto.code:<4} {veto.title.in_language(lang)}")
        found.append(f"       {say(veto.criterion.rule(), lang)}")
    if rubric.deductions:
        found.append(words["deductions"])
    for each in rubric.deductions:
        cap = words["cap"].format(points=each.points, cap=each.cap)
        found.append(f"  {each.id:<4} {each.title.in_language(lang)} ({cap})")
        found.append(f"       {say(each.criterion.rule(), lang)}")
    return found
