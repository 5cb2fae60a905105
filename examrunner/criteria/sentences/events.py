"""Sentences about events and of the event kinds."""

from typing import Final

from examrunner.model.text import Text

SENTENCES: Final = {
    "event.becomes": Text(zh="{signal} 变为 {value}", en="{signal} becomes {value}"),
    "event.crosses": Text(zh="{signal} 越过 {value}", en="{signal} crosses {value}"),
    "event.enters": Text(
        zh="{signal} 进入 {low} 至 {high}", en="{signal} comes within {low} to {high}"
    ),
    "event.leaves": Text(
        zh="{signal} 离开 {low} 至 {high}", en="{signal} leaves {low} to {high}"
    ),
    "event.step": Text(zh="{signal} 阶跃到 {target}", en="{signal} steps to {target}"),
    "event.ops": Text(zh="操作 {name} {where}", en="operation {name} {where}"),
    "event.submit": Text(zh="提交 {field}", en="{field} is handed in"),
    "event.edit": Text(zh="填写 {field}", en="{field} is filled in"),
    "event.held": Text(
        zh="连续 {for_s} s 满足（{claim}）", en="{for_s} s without a break of ({claim})"
    ),
    "event.ended": Text(
        zh="连续至少 {for_s} s 满足（{claim}）的结束时刻",
        en="the end of at least {for_s} s without a break of ({claim})",
    ),
    "event.capture": Text(zh="拍摄图像（{camera}）", en="a still is taken ({camera})"),
    "event.err": Text(zh="{bus} 出现错误帧", en="an error frame on {bus}"),
    "event.while": Text(zh="{event}（当{while}时）", en="{event} (while {while})"),
    "event.last": Text(zh="最后一次{event}", en="the last time {event}"),
    "event.nth": Text(zh="第 {nth} 次{event}", en="{event} (number {nth})"),
    "guard.rule": Text(
        zh="“{event}”时必须满足“{predicate}”", en='At "{event}": {predicate}'
    ),
    "guard.rule_age": Text(
        zh="“{event}”时必须满足“{predicate}”（按 {age_s} s 内的数值）",
        en='At "{event}": {predicate} (by values of the last {age_s} s)',
    ),
    "guard.reason": Text(
        zh="{events} 次中 {held} 次满足；{moment}：{seen}；要求{predicate}。",
        en="Held {held} of {events} times; {seen} {moment}; required: {predicate}.",
    ),
    "guard.stale": Text(
        zh="{events} 次中 {held} 次满足，但{moment}的数值太旧：{seen}；要求"
        "{predicate}。须由考评员裁定。",
        en="Held {held} of {events} times, but the values {moment} were too old: "
        "{seen}; required: {predicate}. An examiner has to decide.",
    ),
    "guard.absent": Text(
        zh="“{event}”没有发生（{span}）。", en='"{event}" never happened ({span}).'
    ),
    "event_order.rule": Text(
        zh="按此顺序发生：{events}（{window}）", en="In this order: {events} ({window})"
    ),
    "event_order.rule_strict": Text(
        zh="按此顺序发生，且均不得提前：{events}（{window}）",
        en="In this order, none before its turn: {events} ({window})",
    ),
    "event_order.rule_any": Text(
        zh="均须发生：{events}（{window}）", en="Each happens: {events} ({window})"
    ),
    "event_order.reason": Text(
        zh="{wanted} 项中 {found} 项按顺序发生（{span}）。",
        en="{found} of {wanted} happened in order ({span}).",
    ),
    "event_order.reason_any": Text(
        zh="{wanted} 项中 {found} 项发生（{span}）。",
        en="{found} of {wanted} happened ({span}).",
    ),
    "event_order.too_early": Text(
        zh="{wanted} 项中 {found} 项按顺序发生；过早：{events}（{span}）。",
        en="{found} of {wanted} happened in order; too early: {events} ({span}).",
    ),
    "event_order.missing": Text(
        zh="{wanted} 项中 {found} 项按顺序发生；缺少：{events}（{span}）。",
        en="{found} of {wanted} happened in order; missing: {events} ({span}).",
    ),
    "event_order.missing_any": Text(
        zh="{wanted} 项中 {found} 项发生；缺少：{events}（{span}）。",
        en="{found} of {wanted} happened; missing: {events} ({span}).",
    ),
    "event_count.rule": Text(
        zh="{events} 的次数（{window}）：{scale}", en="{events} ({window}): {scale}"
    ),
    "event_count.rule_items": Text(
        zh="每项至少一次：{events}（{window}）",
        en="Each at least once: {events} ({window})",
    ),
    "event_count.reason": Text(
        zh="{event}：{count} 次；要求{scale}（{span}）。",
        en="Count of {event}: {count}; required: {scale} ({span}).",
    ),
    "event_count.turns": Text(
        zh="{angle} 正反向各转 {each} 圈，转速 {slowest} 至 {fastest}",
        en="{each} turns each way by {angle} at {slowest} to {fastest}",
    ),
    "event_count.rule_turns": Text(
        zh="{turns}，每个方向一半（{window}）",
        en="{turns}, half for each direction ({window})",
    ),
    "event_count.turned": Text(
        zh="正向 {forward} 圈，反向 {backward} 圈；要求{rule}（{span}）。",
        en="{forward} turns forward, {backward} backward; required: {rule} ({span}).",
    ),
    "event_count.complete": Text(
        zh="{wanted} 项全部完成（{span}）。", en="All {wanted} were done ({span})."
    ),
    "event_count.missing": Text(
        zh="{wanted} 项中完成 {count} 项；缺少：{missing}（{span}）。",
        en="{count} of {wanted} were done; missing: {missing} ({span}).",
    ),
    "event_dwell.rule": Text(
        zh="“{predicate}”不间断的最长时间（{window}）：{scale}",
        en="Longest uninterrupted time of ({predicate}) ({window}): {scale}",
    ),
    "event_dwell.rule_breaks": Text(
        zh="“{predicate}”不间断的最长时间（{window}），遇“{breaks}”即中断：{scale}",
        en="Longest uninterrupted time of ({predicate}) ({window}), broken by "
        "({breaks}): {scale}",
    ),
    "event_dwell.reason": Text(
        zh="“{predicate}”最长持续 {longest_s} s；要求{scale}（{span}）。",
        en="{longest_s} s of ({predicate}) at a stretch; required: {scale} ({span}).",
    ),
    "forbidden.rule": Text(zh="不得：{events}", en="Never: {events}"),
    "forbidden.left_messages": Text(
        zh="停止时报文通信仍处于关闭状态（28）",
        en="messages still switched off at the stop (28)",
    ),
    "forbidden.left_codes": Text(
        zh="停止时故障码记录仍处于关闭状态（85）",
        en="trouble codes still switched off at the stop (85)",
    ),
    "forbidden.longer": Text(
        zh="{state}持续超过 {longer_s} s", en="{state} for more than {longer_s} s"
    ),
    "forbidden.reason": Text(
        zh="发生 {count} 次，第一次在 {first_s} s，允许 0 次。{rule}（{span}）。",
        en="Seen: {count}, first at {first_s} s; allowed: 0. {rule} ({span}).",
    ),
    "forbidden.none": Text(
        zh="发生 {count} 次。{rule}（{span}）。", en="Seen: {count}. {rule} ({span})."
    ),
}
