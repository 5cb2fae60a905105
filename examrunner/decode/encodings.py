"""How the bytes of a database are text: DBC files do not say."""

import codecs
import re
from typing import Final

GB_PAIR: Final = re.compile(rb"[\x81-\xfe][\x40-\xfe]")
GB2312_TRAIL: Final = 0xA1

BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def text_of(content: bytes) -> tuple[str, str]:
    """The text and the encoding it was read with.

    A byte order mark decides; then UTF-8, GB 18030 and Windows-1252 are tried.

    >>> text_of("转角 °".encode("gb18030"))
    ('转角 °', 'gb18030')
    >>> text_of("20 °C".encode("cp1252"))
    ('20 °C', 'cp1252')
    """
    for mark, encoding in BOMS:
        if content.startswith(mark):
            return content.decode(encoding, errors="replace"), encoding
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    if _looks_chinese(content):
        return content.decode("gb18030", errors="replace"), "gb18030"
    return content.decode("cp1252", errors="replace"), "cp1252"


def _looks_chinese(content: bytes) -> bool:
    """Whether it is GB 18030 and not by accident.

    "°C" in Windows-1252 is a rare Chinese character in GB 18030. The second byte of
    nearly every character that people write is 0xA1 or more; in such accidents it is
    a letter.
    """
    try:
        content.decode("gb18030")
    except UnicodeDecodeError:
        return False
    pairs = GB_PAIR.findall(content)
    common = sum(1 for pair in pairs if pair[1] >= GB2312_TRAIL)
    return 2 * common > len(pairs)
