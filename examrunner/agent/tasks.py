"""A lease and the station's content as a task."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from examrunner.agent.attempt_files import AttemptFiles
from examrunner.agent.judging import Judge
from examrunner.agent.task import Attachments, Task
from examrunner.content.documents import parse_document
from examrunner.content.rubrics import read_rubric
from examrunner.content.search import SearchPath
from examrunner.decode.seeing import Eyes
from examrunner.model.case import Case
from examrunner.model.errors import ContentError
from examrunner.model.rubric import Rubric
from examrunner.model.station import Rig
from examrunner.wire import Lease

YAML: Final = "application/yaml"
VARIANTS: Final = re.compile(r"^variants:.*\n(?:(?:[ \t#].*)?\n)*", re.MULTILINE)


def task_of(
    lease: Lease, case: Case, rig: Rig, search: SearchPath, files: AttemptFiles
) -> Task:
    """What a lease asks for.

    Args:
        lease: What the service handed out.
        case: Its secrets, opened.
        rig: The rig of this station.
        search: Its content.
        files: The attempt on the disk.

    Raises:
        ContentError: If its rubric cannot be used at this station.
    """
    rubric = read_rubric(files.rubric)
    variant = rubric.variants.get(lease.variant)
    if rubric.rig != rig.name or variant is None:
        raise ContentError(
            f"variant '{lease.variant}' of {rubric.id} is for a '{rubric.rig}', "
            f"and this station is a '{rig.name}'.",
            where=str(files.rubric),
            remedy="Plan the attempt on a station of that rig.",
        )
    eyes = Eyes(rig)
    return Task(
        rig=rig,
        inject=variant.inject,
        limit_s=rubric.limit_s,
        post_s=rubric.post_s,
        attachments={**_of_rig(rig, search), **_of_lease(lease, rubric)},
        look=eyes.look,
        judge=Judge(case, rubric, rig, eyes),
    )


def _of_rig(rig: Rig, search: SearchPath) -> Attachments:
    databases = {
        f"dbc/{channel.name}.dbc": (
            "text/plain",
            search.find("dbc", channel.database).read_bytes(),
        )
        for channel in rig.channels
    }
    return {
        "rig.yaml": (YAML, search.find("rig", rig.name).read_bytes()),
        "ecus.yaml": (YAML, search.find("ecus", rig.name).read_bytes()),
        **databases,
    }


def _of_lease(lease: Lease, rubric: Rubric) -> Attachments:
    sheets = {
        f"sheet.{language}.md": ("text/markdown", text.encode())
        for language, text in lease.sheets.items()
    }
    pools = {name: variant.pool for name, variant in rubric.variants.items()}
    open_part = without_keys(lease.rubric, pools).encode()
    return {"rubric.yaml": (YAML, open_part), **sheets}


def without_keys(rubric: str, pools: Mapping[str, str]) -> str:
    r"""A rubric's text whose variants say nothing but their pool.

    >>> print(without_keys("id: X\nvariants:\n  a: {truth: 1}\nz: 3", {"a": "exam"}))
    id: X
    variants:
      a: {pool: exam}
    z: 3

    Raises:
        ContentError: If it is written so that something else might be left.
    """
    lines = [f"  {name}: {{pool: {pool}}}" for name, pool in pools.items()]
    # A last line that does not end would be left standing.
    bare = VARIANTS.sub("\n".join(["variants:", *lines, ""]), f"{rubric}\n")
    found = parse_document(bare.encode(), Path("rubric.yaml")).data.get("variants", {})
    if found != {name: {"pool": pool} for name, pool in pools.items()}:
        raise ContentError(
            "the keys of its variants cannot be taken out of the recording's copy.",
            where="rubric.yaml: variants",
            remedy="Write 'variants:' at the beginning of a line, and what belongs to "
            "it indented below.",
        )
    return bare.removesuffix("\n")
