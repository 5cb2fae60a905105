"""The secrets of one attempt."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What is true of one attempt and known to no candidate.

    Attributes:
        task: Task id.
        variant: Variant id of the rubric.
        truth: Variant truth and answer keys, ``$variant.<key>`` in a rubric.
        reference: Reference values of this rig, by name: camera intrinsics
            (``{"camera_matrix", "distortion", "size_px"}``), poses, sharpness.
        challenge: The attempt's nonce, hexadecimal.
        digest: Of the case file; enters the score.
    """

    task: str = ""
    variant: str = ""
    truth: Mapping[str, object] = field(default_factory=dict)
    reference: Mapping[str, object] = field(default_factory=dict)
    challenge: str = ""
    digest: str = ""
