"""Sentences about formulas of temporal logic."""

from typing import Final

from examrunner.model.text import Text

SENTENCES: Final = {
    "temporal.rule": Text(zh="{formula}（{window}）", en="{formula} ({window})"),
    "temporal.rule_scale": Text(
        zh="{formula}（{window}）；余量：{scale}",
        en="{formula} ({window}); margin: {scale}",
    ),
    "temporal.holds": Text(zh="成立", en="it holds"),
    "temporal.fails": Text(zh="不成立", en="it does not hold"),
    "temporal.fails_at": Text(
        zh="不成立，最早见于 {at_s} s", en="it does not hold, first at {at_s} s"
    ),
    "temporal.reason": Text(
        zh="{formula}：{verdict}（{span}）。", en="{formula}: {verdict} ({span})."
    ),
    "temporal.reason_margin": Text(
        zh="{formula}：{verdict}，余量 {margin}（{span}）。",
        en="{formula}: {verdict}, by a margin of {margin} ({span}).",
    ),
    "temporal.fail_silent": Text(
        zh="{formula}：{verdict}（{span}）；部分时间没有有效值，按不成立计。",
        en="{formula}: {verdict} ({span}); some of the time no valid value was sent, "
        "which counts as a failure.",
    ),
    "temporal.pass_silent": Text(
        zh="{formula}：{verdict}（{span}）；部分时间没有有效值，按成立计。",
        en="{formula}: {verdict} ({span}); some of the time no valid value was sent, "
        "which is not held against it.",
    ),
    "temporal.lost": Text(
        zh="记录仪丢失了部分数据，无法判断：{formula}（{span}）；须由考评员裁定。",
        en="The recorder lost what would tell: {formula} ({span}); an examiner has to "
        "decide.",
    ),
    "temporal.silent": Text(
        zh="部分时间没有有效值，无法判断：{formula}（{span}）；须由考评员裁定。",
        en="Some of the time no valid value was sent that would tell: {formula} "
        "({span}); an examiner has to decide.",
    ),
    "temporal.implies": Text(
        zh="只要 {first}，则 {last}", en="whenever {first}, then {last}"
    ),
    "temporal.always": Text(zh="始终：{first}", en="at all times [{first}]"),
    "temporal.always_bounded": Text(
        zh="此后 {from} 至 {to} s 始终：{first}",
        en="from {from} to {to} s later throughout [{first}]",
    ),
    "temporal.eventually": Text(
        zh="至少出现一次：{first}", en="at some time [{first}]"
    ),
    "temporal.eventually_bounded": Text(
        zh="此后 {from} 至 {to} s 内至少出现一次：{first}",
        en="at some time from {from} to {to} s later [{first}]",
    ),
    "temporal.historically": Text(
        zh="此前始终：{first}", en="at all times before [{first}]"
    ),
    "temporal.historically_bounded": Text(
        zh="此前 {from} 至 {to} s 始终：{first}",
        en="from {from} to {to} s before throughout [{first}]",
    ),
    "temporal.once": Text(
        zh="此前至少出现一次：{first}", en="at some time before [{first}]"
    ),
    "temporal.once_bounded": Text(
        zh="此前 {from} 至 {to} s 内至少出现一次：{first}",
        en="at some time from {from} to {to} s before [{first}]",
    ),
    "temporal.until": Text(
        zh="一直 {first}，直到 {last}", en="[{first}] until [{last}]"
    ),
    "temporal.until_bounded": Text(
        zh="一直 {first}，直到 {from} 至 {to} s 后 {last}",
        en="[{first}] until, {from} to {to} s later, [{last}]",
    ),
    "temporal.since": Text(
        zh="自 {last} 以来一直 {first}", en="[{first}] ever since [{last}]"
    ),
    "temporal.since_bounded": Text(
        zh="自 {from} 至 {to} s 前 {last} 以来一直 {first}",
        en="[{first}] ever since, {from} to {to} s before, [{last}]",
    ),
}
