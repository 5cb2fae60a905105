"""The secrets of one attempt: made from a variant, kept as one JSON object."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from examrunner.content.attempt_files import CASE, CaseFile
from examrunner.content.json_files import parse_json_as, read_json_as
from examrunner.content.mistakes import nearest
from examrunner.model.case import Case
from examrunner.model.digests import canonical_json, digest_of
from examrunner.model.errors import ContentError
from examrunner.model.rubric import Rubric

INDENT: Final = 2


def make_case(
    rubric: Rubric, variant_id: str, reference: Mapping[str, object], nonce: str
) -> Case:
    """The case of an attempt at one variant.

    Args:
        rubric: The task.
        variant_id: Which of its variants.
        reference: Reference values of the rig that is used, by name.
        nonce: The service's challenge, hexadecimal.

    Raises:
        ContentError: If the rubric has no such variant.
    """
    variant = rubric.variants.get(variant_id)
    if variant is None:
        raise ContentError(
            f"{rubric.id} has no variant '{variant_id}'.",
            where=f"rubric {rubric.id}",
            remedy=nearest(variant_id, rubric.variants),
        )
    entry = CaseFile.model_validate(
        {
            "task": rubric.id,
            "variant": variant_id,
            "truth": dict(variant.truth),
            "reference": dict(reference),
            "challenge": nonce,
        }
    )
    return _case(entry)


def read_case(path: Path) -> Case:
    """The case in a JSON file.

    Raises:
        ContentError: If the file is wrong.
    """
    return _case(read_json_as(CASE, path))


def parse_case(content: bytes, path: Path) -> Case:
    """A case from bytes, for example what a lease brought.

    Raises:
        ContentError: If the content is wrong.
    """
    return _case(parse_json_as(CASE, content, path))


def case_bytes(case: Case) -> bytes:
    """The case as a JSON file; ``parse_case`` gives an equal case."""
    text = json.dumps(_plain(case), ensure_ascii=False, indent=INDENT, sort_keys=True)
    return f"{text}\n".encode()


def _case(entry: CaseFile) -> Case:
    case = Case(**entry.model_dump())
    return Case(**_plain(case), digest=digest_of(canonical_json(_plain(case))))


def _plain(case: Case) -> dict[str, Any]:
    return {
        "task": case.task,
        "variant": case.variant,
        "truth": dict(case.truth),
        "reference": dict(case.reference),
        "challenge": case.challenge,
    }
