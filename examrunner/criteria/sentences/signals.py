"""Sentences of the signal kinds."""

from typing import Final

from examrunner.model.text import Text

_STEP_TAIL_ZH = "（{command} 阶跃到 {steps}，{window}）：{scale}"
_STEP_TAIL_EN = " ({command} steps to {steps}, {window}): {scale}"

SENTENCES: Final = {
    "signal_range.rule": Text(
        zh="{limits}（{window}）的时间占比：{scale}",
        en="{limits} ({window}), as a share of the time: {scale}",
    ),
    "signal_range.reason": Text(
        zh="{limits}：{share} % 的时间满足；最小 {lowest}，最大 {highest}；"
        "要求占比 {scale}（{span}）。",
        en="{limits} held for {share} % of the time; lowest {lowest}, highest "
        "{highest}; share wanted: {scale} ({span}).",
    ),
    "signal_at.rule": Text(
        zh="{predicate}；时刻：{at}，数值不旧于 {max_age_s} s",
        en="{predicate}; when: {at}, values at most {max_age_s} s old",
    ),
    "signal_at.reason": Text(
        zh="{moment}：{seen}；要求 {predicate}。",
        en="{seen} {moment}; required: {predicate}.",
    ),
    "signal_at.stale": Text(
        zh="{moment}没有 {max_age_s} s 以内的值：{seen}。",
        en="No value of the last {max_age_s} s {moment}: {seen}.",
    ),
    "state_path.rule": Text(
        zh="{signal} 依次经过 {path}，每步不超过 {within_s} s（{window}）",
        en="{signal} runs through {path}, each within {within_s} s ({window})",
    ),
    "state_path.from_any": Text(
        zh="{path}（若从未出现首个状态，可从后面的状态开始）",
        en="{path} (from a later state if the first one is never seen)",
    ),
    "state_path.rule_forbid": Text(
        zh="{signal} 依次经过 {path}，每步不超过 {within_s} s，其间不得{forbid}"
        "（{window}）",
        en="{signal} runs through {path}, each within {within_s} s, never {forbid} "
        "({window})",
    ),
    "state_path.reason": Text(
        zh="{signal}：{seen}；最慢一步 {slowest_s} s，允许 {within_s} s（{span}）。",
        en="{signal}: {seen}; the slowest took {slowest_s} s, {within_s} s are "
        "allowed ({span}).",
    ),
    "state_path.incomplete": Text(
        zh="{signal}：{seen}；没有在每步 {within_s} s 内走完 {path}（{span}）。",
        en="{signal}: {seen}; {path} was not completed with {within_s} s a step "
        "({span}).",
    ),
    "state_path.forbidden": Text(
        zh="{signal} 走完 {path}（每步允许 {within_s} s），但其间出现了禁止的状态"
        "（{span}）。",
        en="{signal} completed {path} ({within_s} s a step), but something forbidden "
        "held meanwhile ({span}).",
    ),
    "step_response.rule.delay": Text(
        zh="{feedback} 的延迟时间，达到幅值的 {threshold} %" + _STEP_TAIL_ZH,
        en="Delay of {feedback} until {threshold} % of the step" + _STEP_TAIL_EN,
    ),
    "step_response.rule.rise": Text(
        zh="{feedback} 从 {low} % 到 {high} % 的上升时间" + _STEP_TAIL_ZH,
        en="Rise time of {feedback} from {low} to {high} % of the step" + _STEP_TAIL_EN,
    ),
    "step_response.rule.overshoot_pct": Text(
        zh="{feedback} 的超调量，占指令幅值的百分比" + _STEP_TAIL_ZH,
        en="Overshoot of {feedback} in percent of the commanded step" + _STEP_TAIL_EN,
    ),
    "step_response.rule.settle": Text(
        zh="{feedback} 进入指令幅值 ±{band} % 并保持 {hold_s} s 的调节时间"
        + _STEP_TAIL_ZH,
        en="Settling time of {feedback} into +-{band} % of the commanded step, held "
        "for {hold_s} s" + _STEP_TAIL_EN,
    ),
    "step_response.rule.sse": Text(
        zh="{feedback} 最后 {tail_s} s 平均值的稳态误差" + _STEP_TAIL_ZH,
        en="Steady-state error of {feedback}, mean of the last {tail_s} s"
        + _STEP_TAIL_EN,
    ),
    "step_response.reason": Text(
        zh="{metric}平均 {mean} {unit}（各阶跃 {each}）；要求{scale}（{span}）。",
        en="{metric} {mean} {unit} on average (each step {each}); required: "
        "{scale} ({span}).",
    ),
    "step_response.none": Text(
        zh="测不出{metric}（各阶跃 {each}）；要求{scale}（{span}）。",
        en="There is no {metric} (each step {each}); required: {scale} ({span}).",
    ),
    "step_response.each": Text(zh="{target}: {value}", en="{target}: {value}"),
    "step_response.missing": Text(
        zh="{target}: 没有该阶跃", en="{target}: no such step"
    ),
    "step_response.restless": Text(
        zh="{target}: 阶跃前反馈未静止", en="{target}: the feedback did not rest before"
    ),
    "step_response.never": Text(
        zh="{target}: 没有及时达到", en="{target}: not reached in time"
    ),
    "metric.delay": Text(zh="延迟时间", en="delay"),
    "metric.rise": Text(zh="上升时间", en="rise time"),
    "metric.overshoot_pct": Text(zh="超调量", en="overshoot"),
    "metric.settle": Text(zh="调节时间", en="settling time"),
    "metric.sse": Text(zh="稳态误差", en="steady-state error"),
}
