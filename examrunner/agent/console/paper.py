"""The protocol of an attempt on paper: one page, in Chinese or English."""

from collections.abc import Iterable, Mapping
from html import escape
from typing import Final

from examrunner.agent.console.hall import Hall
from examrunner.agent.console.overview import ledger
from examrunner.agent.console.seat import Seat
from examrunner.agent.duty import duties
from examrunner.agent.outcomes import CONSEQUENCES
from examrunner.model.text import Text

STYLE: Final = """
body{font-family:system-ui,"Noto Sans CJK SC","Microsoft YaHei",sans-serif;
 max-width:46rem;margin:2rem auto;padding:0 1rem;font-size:15px;line-height:1.5}
table{border-collapse:collapse;width:100%;margin:.5rem 0 1rem}
th,td{border:1px solid #99a;padding:.25rem .5rem;text-align:left;
 vertical-align:top;overflow-wrap:anywhere}
h1{font-size:1.4rem} h2{font-size:1.1rem;margin:1rem 0 .25rem}
.qr svg{width:9rem;height:9rem} .line{border-bottom:1px solid #000;height:2.5rem}
@media print{body{margin:0;max-width:none}}
"""
WORDS: Final[Mapping[str, Text]] = {
    "title": Text(zh="考试过程记录", en="Protocol of an attempt"),
    "station": Text(zh="工位", en="station"),
    "attempt": Text(zh="考试编号", en="attempt"),
    "task": Text(zh="任务", en="task"),
    "candidate": Text(zh="考生", en="candidate"),
    "outcome": Text(zh="结束原因", en="outcome"),
    "reason": Text(zh="说明", en="reason"),
    "used": Text(zh="用时（秒）", en="exam time used, s"),
    "duty": Text(zh="负责考评员", en="Responsible examiners"),
    "ledger": Text(zh="暂停与补时", en="Pauses and time credit"),
    "at": Text(zh="时间", en="time"),
    "by": Text(zh="人员", en="by"),
    "cause": Text(zh="原因", en="cause"),
    "seconds": Text(zh="秒", en="seconds"),
    "events": Text(zh="经过", en="What happened"),
    "what": Text(zh="事项", en="what"),
    "said": Text(zh="内容", en="said"),
    "score": Text(zh="暂定成绩", en="Provisional score"),
    "void": Text(zh="本次作废，不评分。", en="This attempt is void and is not judged."),
    "none": Text(zh="无", en="none"),
    "proof": Text(zh="交卷凭证", en="Proof of submission"),
    "signatures": Text(zh="签名（补时清单）", en="Signatures (of the ledger)"),
    "holds": Text(zh="有效", en="valid"),
    "stale": Text(zh="清单已变，须重签", en="the ledger has changed since"),
    "by_hand": Text(zh="手写签名", en="By hand"),
    "digest": Text(zh="记录摘要", en="digest of this protocol"),
    "examiner": Text(zh="考评员", en="examiner"),
    "date": Text(zh="日期", en="date"),
}
DEEDS: Final[Mapping[str, Text]] = {
    "duty": Text(zh="开始负责", en="takes the duty"),
    "identity": Text(zh="确认身份", en="confirms the identity"),
    "start": Text(zh="开始考试", en="starts the exam"),
    "pause": Text(zh="暂停", en="pauses"),
    "resume": Text(zh="继续", en="lets it go on"),
    "credit": Text(zh="补时", en="credits time"),
    "end": Text(zh="结束考试", en="ends it"),
    "bookmark": Text(zh="书签", en="bookmark"),
    "reassign": Text(zh="更换考生", en="reassigns"),
    "handover": Text(zh="交接", en="hands over"),
    "mark": Text(zh="评判", en="judges"),
    "veto": Text(zh="否决裁定", en="decides a veto"),
    "sign": Text(zh="签名", en="signs"),
}
DIGEST_SHOWN: Final = 12


def paper(hall: Hall, seat: Seat, language: str) -> str:
    """The page, ready to be printed."""

    def say(key: str) -> str:
        return WORDS[key].in_language(language)

    parts = [
        f"<h1>{escape(say('title'))}</h1>",
        _table((), _facts(hall, seat, language)),
        f"<h2>{escape(say('duty'))}</h2>",
        _table(
            (say("at"), say("examiner")),
            [
                (
                    one.since,
                    f"{one.given_by} → {one.name}" if one.given_by else one.name,
                )
                for one in duties(seat.invigilation.protocol.entries)
            ],
        ),
        f"<h2>{escape(say('ledger'))}</h2>",
        _ledger(seat, language),
        f"<h2>{escape(say('score'))}</h2>",
        f"<p>{escape(_score(seat, language))}</p>",
        f"<h2>{escape(say('events'))}</h2>",
        _table(
            (say("at"), say("by"), say("what"), say("said")),
            [
                (
                    _time(entry.at),
                    entry.by,
                    DEEDS[entry.what].in_language(language),
                    _said(entry.said),
                )
                for entry in seat.invigilation.protocol.entries
                if entry.what != "proof"
            ],
        ),
        *_signed(seat, language),
        f"<p>{escape(say('digest'))}: <code>"
        f"{escape(seat.invigilation.protocol.digest)}</code></p>",
    ]
    return (
        f'<!doctype html><html lang="{escape(language)}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width">'
        f"<title>{escape(say('title'))}</title><style>{STYLE}</style></head>"
        f"<body>{''.join(parts)}</body></html>"
    )


def _facts(hall: Hall, seat: Seat, language: str) -> list[tuple[str, str]]:
    progress = seat.sitting.progress
    outcome = progress.outcome
    words = CONSEQUENCES[outcome].words.in_language(language) if outcome else "-"
    facts = {
        "date": hall.wall_time()[:10],
        "station": hall.station,
        "attempt": seat.attempt_id,
        "task": seat.task,
        "candidate": f"{seat.candidate} {seat.name}".strip(),
        "outcome": words,
        "reason": progress.reason or "-",
        "used": f"{progress.exam_ns(seat.sitting.now_ns) / 1e9:.1f}",
    }
    return [(WORDS[key].in_language(language), value) for key, value in facts.items()]


def _ledger(seat: Seat, language: str) -> str:
    lines = ledger(seat)
    if not lines:
        return f"<p>{escape(WORDS['none'].in_language(language))}</p>"
    head = [
        WORDS[key].in_language(language) for key in ("at", "cause", "seconds", "by")
    ]
    rows = [
        (
            f"{line['exam_s']:.1f} s",
            f"{line['words'][language]} {line['note']}".strip(),
            f"{line['seconds']:.1f}",
            line["by"],
        )
        for line in lines
    ]
    return _table(head, rows)


def _score(seat: Seat, language: str) -> str:
    if seat.sitting.progress.is_void:
        return WORDS["void"].in_language(language)
    score = seat.invigilation.score()
    if score is None:
        return "-"
    points = score.points
    shown = sorted({points.low, points.high})
    return f"{' – '.join(map(str, shown))} / {points.max} ({score.verdict})"


def _signed(seat: Seat, language: str) -> list[str]:
    def say(key: str) -> str:
        return escape(WORDS[key].in_language(language))

    rows = [
        (
            _time(one["at"]),
            one["by"],
            WORDS["holds" if one["holds"] else "stale"].in_language(language),
        )
        for one in seat.signatures()
    ]
    parts = [f"<h2>{say('signatures')}</h2>", _table((), rows)]
    if seat.sitting.progress.stopped_ns is not None:
        proof = seat.proof()
        parts += [
            f"<h2>{say('proof')}: {escape(proof.code)}</h2>",
            f'<div class="qr">{proof.picture()}</div>',
        ]
    lines = "<td class='line'></td><td class='line'></td>"
    return [
        *parts,
        f"<h2>{say('by_hand')}</h2><table><tr><th>{say('candidate')}</th>"
        f"<th>{say('examiner')}</th></tr><tr>{lines}</tr></table>",
    ]


def _said(said: Mapping[str, object]) -> str:
    parts = [
        f"{key}: {value if key != 'ledger' else str(value)[:DIGEST_SHOWN]}"
        for key, value in said.items()
        if value != ""
    ]
    return "; ".join(parts)


def _time(at: str) -> str:
    """The time of day of a moment."""
    return at[11:19]


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    top = "".join(f"<th>{escape(cell)}</th>" for cell in head)
    lines = ["".join(f"<td>{escape(cell)}</td>" for cell in row) for row in rows]
    body = "".join(f"<tr>{line}</tr>" for line in ([top] if top else []) + lines)
    return f"<table>{body}</table>"
