"""Words in the two languages of the product."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One wording, Chinese and English."""

    zh: str
    en: str

    def in_language(self, language: str) -> str:
        """The wording in ``zh`` or ``en``."""
        return self.zh if language == "zh" else self.en
