"""Sentences of the kinds that ask when something came about."""

from typing import Final

from examrunner.model.text import Text

SENTENCES: Final = {
    "signal_reach.whenever": Text(zh="不限时间", en="whenever"),
    "signal_reach.travel": Text(
        zh="{targets}（从前者到后者用 {low} 至 {high} s）",
        en="{targets} (from the one to the other in {low} to {high} s)",
    ),
    "signal_reach.rule": Text(
        zh="达到{targets}并保持 {hold_s} s（{window}）：{scale}",
        en="Reach {targets} and stay for {hold_s} s ({window}): {scale}",
    ),
    "signal_reach.rule_touch": Text(
        zh="达到{targets}（{window}）：{scale}",
        en="Reach {targets} ({window}): {scale}",
    ),
    "signal_reach.reason": Text(
        zh="{after_s} s 后达到{targets}并保持 {hold_s} s；要求{scale}（{span}）。",
        en="{targets} after {after_s} s, held for {hold_s} s; required: {scale} "
        "({span}).",
    ),
    "signal_reach.reason_touch": Text(
        zh="{after_s} s 后达到{targets}；要求{scale}（{span}）。",
        en="{targets} after {after_s} s; required: {scale} ({span}).",
    ),
    "signal_reach.since": Text(
        zh="{scale}，自{anchor}起计", en="{scale}, counted from {anchor}"
    ),
    "signal_reach.not_touched": Text(
        zh="{targets} 项目标中达到 {reached} 项；未达到：{missing}（{span}）。",
        en="{reached} of {targets} targets were reached; not reached: {missing} "
        "({span}).",
    ),
    "signal_reach.not_travelled": Text(
        zh="{targets} 项目标中达到 {reached} 项；离开前一目标后 {low} 至 {high} s 内"
        "没有达到下一目标并保持 {hold_s} s：{missing}（{span}）。",
        en="{reached} of {targets} targets were reached; not reached {low} to {high} s "
        "after leaving the one before, and held for {hold_s} s: {missing} ({span}).",
    ),
    "signal_reach.not_reached": Text(
        zh="{targets} 项目标中达到 {reached} 项；未达到并保持 {hold_s} s：{missing}"
        "（{span}）。",
        en="{reached} of {targets} targets were reached; not reached and held for "
        "{hold_s} s: {missing} ({span}).",
    ),
    "event_latency.rule": Text(
        zh="从{from}到{to}的时间（{window}）：{scale}",
        en="Time from {from} to {to} ({window}): {scale}",
    ),
    "event_latency.answer": Text(zh="对{request}的响应", en="the answer to {request}"),
    "event_latency.reason": Text(
        zh="从{from}到{to}用了 {latency_s} s；要求{scale}（{span}）。",
        en="{latency_s} s from {from} to {to}; required: {scale} ({span}).",
    ),
    "event_latency.missing": Text(
        zh="“{event}”没有发生，测不出时间；要求{scale}（{span}）。",
        en='"{event}" never happened, so there is no time; required: {scale} ({span}).',
    ),
}
