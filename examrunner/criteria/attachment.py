"""A file was handed in and can be used."""

import hashlib
from dataclasses import dataclass
from typing import Literal

from examrunner.criteria.calibration_files import read_calibration
from examrunner.criteria.exam_time import running
from examrunner.criteria.unusable_files import UnusableFileError
from examrunner.criteria.uploads import Upload, upload_of
from examrunner.criteria.verdicts import (
    evidence_at,
    evidence_of,
    graded,
    moment,
    span_of,
)
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Judgement, Measured, Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """The newest file of a field was saved during the exam, fits and can be read.

    Attributes:
        field: Field of the answer form.
        format: ``calibration`` for a file that has to describe a camera.
        min_bytes: Least size.
        max_bytes: Largest size.
    """

    field: str
    format: Literal["any", "calibration"] = "any"
    min_bytes: int = 1
    max_bytes: int = 4 << 20

    def rule(self) -> Sentence:
        """The question as a sentence."""
        values = {
            "field": self.field,
            "format": Sentence(key=f"attachment.format.{self.format}"),
            **self._limits(),
        }
        return Sentence(key="attachment.rule", values=values)

    def judge(self, hearing: Hearing) -> Judgement:
        """Answer the question."""
        clock = hearing.clock
        edits = [each for each in hearing.timeline.form if each.field == self.field]
        inside = [
            each for each in edits if clock.start_ns <= each.t_ns <= clock.stop_ns
        ]
        newest = upload_of(inside[-1]) if inside else None
        if newest is None:
            outside = not inside and any(map(upload_of, edits))
            key = "attachment.outside" if outside else "attachment.blank"
            return self._nothing(hearing, key)
        files = [each for each in map(upload_of, inside) if each is not None]
        return self._judged(newest, len(files))

    def _judged(self, upload: Upload, versions: int) -> Judgement:
        key, problem = self._problem(upload)
        content = upload.content or b""
        values = {
            "field": self.field,
            "name": upload.name,
            "bytes": len(content),
            "versions": versions,
            "digest": hashlib.sha256(content).hexdigest(),
            "problem": problem,
            "moment": moment(upload.t_ns),
            **self._limits(),
        }
        return graded(
            float(not problem),
            Sentence(key=key, values=values),
            measured=Measured(value=float(len(content)), unit="byte"),
            evidence=[evidence_at(f"form.{self.field}", upload.t_ns)],
            details={"versions": float(versions)},
        )

    def _problem(self, upload: Upload) -> tuple[str, str | Sentence]:
        """Key of the sentence, and what is wrong; empty if nothing is."""
        if upload.content is None:
            return "attachment.damaged", "damaged"
        if not self.min_bytes <= len(upload.content) <= self.max_bytes:
            return "attachment.size", "size"
        if self.format == "calibration":
            try:
                read_calibration(upload.name, upload.content)
            except UnusableFileError as error:
                return "attachment.unusable", error.said
        return "attachment.reason", ""

    def _limits(self) -> dict[str, object]:
        return {"min_bytes": self.min_bytes, "max_bytes": self.max_bytes}

    def _nothing(self, hearing: Hearing, key: str) -> Judgement:
        window = running(hearing.clock)
        values = {"field": self.field, "span": span_of(window)}
        reason = Sentence(key=key, values=values)
        return graded(0.0, reason, evidence=[evidence_of("form", window)])
