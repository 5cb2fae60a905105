"""A message carries the right checksum."""

from dataclasses import dataclass

from examrunner.criteria.protection import judged_share, percent
from examrunner.criteria.scales import Scale
from examrunner.criteria.verdicts import OnSilent
from examrunner.criteria.windows import WHOLE_EXAM, Window, opened
from examrunner.criteria.windows import sentence as window_sentence
from examrunner.model.hearing import Hearing
from examrunner.model.judgement import Judgement, Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Checksum:
    """Share of frames whose CRC-8 fits data id and payload.

    Attributes:
        message: Message name.
        share: Share of good frames to share of the points.
        window: When to look.
        on_silent: What it means if there are no frames.
    """

    message: str
    share: Scale
    window: Window = WHOLE_EXAM
    on_silent: OnSilent = "fail"

    def rule(self) -> Sentence:
        """The question as a sentence."""
        return Sentence(
            key="checksum.rule",
            values={
                "message": self.message,
                "window": window_sentence(self.window),
                "scale": percent(self.share),
            },
        )

    def judge(self, hearing: Hearing) -> Judgement:
        """Answer the question."""
        window = opened(hearing, self.window)
        message = hearing.timeline.message(self.message)
        return judged_share(
            hearing, message, window, self.share, self.on_silent, "checksum"
        )
