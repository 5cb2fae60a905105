"""What the doctor found last, as a page for the technician, in Chinese or English."""

from collections.abc import Mapping
from html import escape
from typing import Any, Final

from examrunner.model.text import Text

LANGUAGES: Final = {"zh": "中文", "en": "English"}
STYLE: Final = """
body{font-family:system-ui,"Noto Sans CJK SC","Microsoft YaHei",sans-serif;margin:0;
 background:#f4f6f9;color:#16202c;line-height:1.5}
main{max-width:60rem;margin:1.5rem auto;padding:0 1rem}
h1{font-size:1.5rem;margin:0} nav{float:right} a{color:#12355b}
p{margin:.25rem 0 1rem} ul{list-style:none;margin:0;padding:0}
li{background:#fff;border:1px solid #dfe5ec;border-left:.5rem solid #14713f;
 border-radius:.4rem;padding:.5rem .9rem;margin:.4rem 0;display:grid;
 grid-template-columns:5rem 13rem 1fr;gap:0 1rem}
li.warn{border-left-color:#9a6700} li.fail{border-left-color:#a3202b}
.level{font-weight:700;color:#14713f} .warn .level{color:#9a6700}
.fail .level{color:#a3202b} .next{grid-column:3;font-weight:600}
.what,.said,.next{overflow-wrap:anywhere}
@media(max-width:40rem){li{grid-template-columns:4.5rem 1fr}
 .said,.next{grid-column:1/-1}}
"""
WORDS: Final[Mapping[str, Text]] = {
    "title": Text(zh="工位自检", en="Station check"),
    "ready": Text(zh="已就绪。", en="Ready for exams."),
    "unfit": Text(
        zh="尚未就绪：请先处理标为“故障”的各项。",
        en="Not ready: first mend what is marked fail.",
    ),
    "at": Text(zh="检查时间", en="checked at"),
    "never": Text(zh="尚未检查。", en="Nobody has checked yet."),
    "how": Text(
        zh="请先停止本工位，再在本机运行：",
        en="To check again, stop the station and run on this PC:",
    ),
    "next": Text(zh="处理", en="next"),
    "ok": Text(zh="正常", en="ok"),
    "warn": Text(zh="注意", en="warn"),
    "fail": Text(zh="故障", en="fail"),
}
NAMES: Final[Mapping[str, str]] = {
    "arming": "启用",
    "attempts": "未完成的考试",
    "bit rate": "波特率",
    "board": "标定板",
    "camera": "摄像头",
    "clock": "时钟",
    "disk": "磁盘",
    "enrolment": "注册",
    "exam pack": "考试包",
    "fault box": "故障箱",
    "journal": "日志库",
    "key": "密钥",
    "listen-only": "只听",
    "messages": "报文",
    "permissions": "权限",
    "rate": "帧率",
    "relays": "继电器",
    "reserve": "预留空间",
    "rig lock": "设备锁定",
    "service": "考试服务",
    "version": "版本",
}


def doctor_page(station: str, report: Mapping[str, Any] | None, language: str) -> str:
    """The page; what an adapter or the service itself said stays as it was said."""

    def say(key: str) -> str:
        return escape(WORDS[key].in_language(language))

    other = next(each for each in LANGUAGES if each != language)
    parts = [
        f'<nav><a href="?lang={other}">{LANGUAGES[other]}</a></nav>',
        f"<h1>{say('title')}: {escape(station)}</h1>",
    ]
    if report is None:
        parts.append(f"<p>{say('never')}</p>")
    else:
        verdict = say("ready" if report["healthy"] else "unfit")
        at = escape(str(report["at"])[:19].replace("T", " "))
        parts.append(f"<p><strong>{verdict}</strong> {say('at')} {at}</p><ul>")
        parts += [_line(check, language) for check in report["checks"]]
        parts.append("</ul>")
    command = f"examrunner station doctor {escape(station)}"
    parts.append(f"<p>{say('how')} <code>{command}</code></p>")
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{say('title')}</title><style>{STYLE}</style></head>"
        f"<body><main>{''.join(parts)}</main></body></html>"
    )


def _line(check: Mapping[str, Any], language: str) -> str:
    level = str(check["level"])
    said, remedy = check["said"][language], check["remedy"]
    label = escape(WORDS["next"].in_language(language))
    after = (
        f'<span class="next">{label}: {escape(remedy[language])}</span>'
        if remedy
        else ""
    )
    return (
        f'<li class="{escape(level)}"><span class="level">'
        f"{escape(WORDS[level].in_language(language))}</span>"
        f'<span class="what">{escape(named(str(check["what"]), language))}</span>'
        f'<span class="said">{escape(said)}</span>{after}</li>'
    )


def named(what: str, language: str) -> str:
    """The name of a check.

    >>> named("CAN CH1 bit rate", "zh")
    'CAN CH1 波特率'
    """
    if language != "zh":
        return what
    for name, words in NAMES.items():
        if what == name or what.endswith(f" {name}"):
            rest = what.removesuffix(name).strip()
            return f"{named(rest, language)} {words}".strip()
    first, _, rest = what.partition(" ")
    return f"{NAMES[first]} {rest}" if first in NAMES else what
