"""Files that candidates upload into the answer form."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass

from examrunner.model.timeline import Edit


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """One uploaded file.

    Attributes:
        t_ns: When it was saved.
        name: File name.
        content: Its bytes; None if the upload was damaged on its way.
    """

    t_ns: int
    name: str
    content: bytes | None


def upload_of(edit: Edit) -> Upload | None:
    """The file that an edit saved, or None if it saved none."""
    if not isinstance(edit.value, Mapping):
        return None
    try:
        text = str(edit.value.get("base64", ""))
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        content = None
    name = str(edit.value.get("name", edit.field))
    return Upload(t_ns=edit.t_ns, name=name, content=content)
