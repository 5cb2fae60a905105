"""Sentences about session and security of an ECU."""

from typing import Final

from examrunner.model.text import Text

SENTENCES: Final = {
    "predicate.session": Text(
        zh="{ecu} 处于会话 {session}", en="{ecu} is in session {session}"
    ),
    "predicate.unlocked": Text(
        zh="{ecu} 已解锁（级别 {level}）", en="{ecu} is unlocked at level {level}"
    ),
    "predicate.locked": Text(zh="{ecu} 未解锁", en="{ecu} is locked"),
    "uds_state.rule": Text(
        zh="{claim}，出现过即可（{window}）",
        en="{claim} at some time ({window})",
    ),
    "uds_state.rule_share": Text(
        zh="每次“{event}”时：{claim}，按成立次数的比例得分（{window}）",
        en="{claim} whenever this happens, the share of times counts: {event} "
        "({window})",
    ),
    "uds_state.rule_at": Text(
        zh="每次“{event}”时：{claim}（{window}）",
        en="{claim} whenever this happens: {event} ({window})",
    ),
    "uds_state.reason": Text(
        zh="{claim}：持续 {held_s} s，要求出现过；状态线：{line}；"
        "错误密钥 {wrong_keys} 次（{span}）。",
        en="{claim}: for {held_s} s, needed at some time; states: {line}; wrong keys: "
        "{wrong_keys} ({span}).",
    ),
    "uds_state.reason_at": Text(
        zh="{claim}：{events} 次中有 {held} 次成立，要求每次；状态线：{line}；错误密钥 "
        "{wrong_keys} 次（{span}）。",
        en="{claim}: at {held} of {events} times, needed at each; states: {line}; "
        "wrong keys: {wrong_keys} ({span}).",
    ),
    "uds_state.reason_share": Text(
        zh="{claim}：{events} 次中有 {held} 次成立，按比例得分；状态线：{line}；错误密"
        "钥 {wrong_keys} 次（{span}）。",
        en="{claim}: at {held} of {events} times, which is the share that counts; "
        "states: {line}; wrong keys: {wrong_keys} ({span}).",
    ),
    "uds_state.absent": Text(
        zh="{event}没有发生，需要 1 次；要求：{claim}；状态线：{line}（{span}）。",
        en="This never happened, needed once: {event}; {claim}; states: {line} "
        "({span}).",
    ),
    "uds_state.lost": Text(
        zh="{claim}：记录有缺失，状态不明（状态线：{line}，{span}）；须由考评员裁定。",
        en="{claim}: the recorder lost what would tell (states: {line}, {span}); an "
        "examiner has to decide.",
    ),
    "uds_state.entry": Text(
        zh="{state}（{cause}，{moment}）", en="{state} ({cause}, {moment})"
    ),
    "uds_state.cause.start": Text(zh="上电", en="power-on"),
    "uds_state.cause.session": Text(zh="切换会话", en="session changed"),
    "uds_state.cause.reset": Text(zh="复位", en="reset"),
    "uds_state.cause.unlock": Text(zh="解锁", en="unlocked"),
    "uds_state.cause.s3": Text(zh="S3 超时", en="S3 expired"),
    "uds_state.cause.lost": Text(zh="记录缺失", en="not recorded"),
    "uds_state.cause.seen": Text(zh="由请求得知", en="known at a request"),
    "uds_timing.rule": Text(
        zh="{ecu} 因 S3 超时而退出会话的次数：{expiries}；既未等到响应也未等满 P2"
        "（{p2_s} s）就发出的请求数：{hasty}（{window}）",
        en="{ecu}: sessions that fell back by S3: {expiries}; requests that waited "
        "neither for the answer nor for P2 ({p2_s} s): {hasty} ({window})",
    ),
    "uds_timing.reason": Text(
        zh="{ecu}：因 S3 超时退出会话 {count} 次（{expiries}）；既未等到响应也未等满 "
        "P2（{p2_s} s）的请求 {count_hasty} 个（{hasty}）；时刻：{times}（{span}）。",
        en="{ecu}: sessions that fell back by S3: {count} ({expiries}); requests that "
        "waited neither for the answer nor for P2 ({p2_s} s): {count_hasty} "
        "({hasty}); at: {times} ({span}).",
    ),
    "uds_timing.never": Text(
        zh="{ecu} 从未进入非默认会话，需要 1 次（{span}）。",
        en="{ecu} was never in a session that has to be kept alive, needed once "
        "({span}).",
    ),
    "uds_timing.any": Text(zh="任意次数", en="any number"),
}
