"""Sentences that every kind shares: spans, scales, windows, silence, composites."""

from typing import Final

from examrunner.model.text import Text

SENTENCES: Final = {
    "titled": Text(zh="{title}", en="{title}"),
    "span": Text(zh="{from_s}～{to_s} s", en="{from_s} to {to_s} s"),
    "moment": Text(zh="{at_s} s 时", en="at {at_s} s"),
    "list": Text(zh="{parts}", en="{parts}"),
    "scale.band": Text(
        zh="{full} {unit}得满分，{zero} {unit}得零分",
        en="{full} {unit} earns everything, {zero} {unit} nothing",
    ),
    "scale.steps": Text(zh="分档 {steps}（{unit}）", en="steps {steps} ({unit})"),
    "scale.at_most": Text(zh="不超过 {full} {unit}", en="at most {full} {unit}"),
    "scale.at_least": Text(zh="不低于 {full} {unit}", en="at least {full} {unit}"),
    "scale.none": Text(zh="仅测量，不计分", en="measured only"),
    "count.at_least": Text(zh="至少 {min} 次", en="at least {min}"),
    "count.between": Text(zh="{min} 至 {max} 次", en="{min} to {max}"),
    "predicate.all": Text(zh="{parts}", en="{parts}"),
    "predicate.then": Text(zh="{parts}", en="{parts}"),
    "predicate.any": Text(zh="以下任一：{parts}", en="any of: {parts}"),
    "predicate.not": Text(zh="并非（{part}）", en="not ({part})"),
    "predicate.group": Text(zh="（{part}）", en="({part})"),
    "predicate.is": Text(zh="{signal} 为 {value}", en="{signal} is {value}"),
    "predicate.one_of": Text(
        zh="{signal} 为 {listed} 之一", en="{signal} is one of {listed}"
    ),
    "predicate.at_most": Text(zh="{signal} 不大于 {max}", en="{signal} at most {max}"),
    "predicate.at_least": Text(
        zh="{signal} 不小于 {min}", en="{signal} at least {min}"
    ),
    "predicate.between": Text(
        zh="{signal} 在 {min} 至 {max} 之间", en="{signal} between {min} and {max}"
    ),
    "predicate.steady": Text(
        zh="{signal} 与其 {over_s} s 内的中位数相差不超过 {within}",
        en="{signal} within {within} of its median over {over_s} s",
    ),
    "snapshot.was": Text(zh="{signal} 为 {value}", en="{signal} was {value}"),
    "snapshot.stale": Text(
        zh="{signal} 没有足够新的值", en="{signal} had no recent value"
    ),
    "anchor.start": Text(zh="考试开始", en="the start"),
    "anchor.end": Text(zh="考试结束", en="the stop"),
    "window.exam": Text(zh="整个考试", en="the whole exam"),
    "window.between": Text(zh="从{from}到{to}", en="from {from} to {to}"),
    "window.between_shifted": Text(
        zh="从{from}（偏移 {offset_s} s）到{to}",
        en="from {from} ({offset_s} s) to {to}",
    ),
    "window.before": Text(
        zh="{from}前 {before_s} s 起的 {for_s} s",
        en="{for_s} s, beginning {before_s} s before {from}",
    ),
    "window.for": Text(
        zh="{from}后 {offset_s} s 起的 {for_s} s",
        en="{for_s} s, beginning {offset_s} s after {from}",
    ),
    "window.while": Text(zh="{window}，当{while}时", en="{window}, while {while}"),
    "window.never": Text(
        zh="“{event}”没有发生，评判窗口没有打开（{span}）。",
        en='"{event}" never happened, so the window never opened ({span}).',
    ),
    "window.empty": Text(
        zh="评判窗口（{window}）为空（{span}）。",
        en="The window ({window}) was empty ({span}).",
    ),
    "window.cut": Text(
        zh="评判窗口需要 {needed_s} s，停止前只剩 {left_s} s（{span}）。",
        en="The window needs {needed_s} s; {left_s} s were left before the stop "
        "({span}).",
    ),
    "silence.bus": Text(
        zh="{name} 在 {coverage} % 的时间内有有效值，需要 {needed} %（{span}）；"
        "记录仪工作正常，其余时间总线上没有有效值。",
        en="{name} was valid for {coverage} % of the time, {needed} % are needed "
        "({span}); the recorder was well, the bus carried no valid value in the rest.",
    ),
    "silence.recorder": Text(
        zh="记录仪丢失了 {name} {share} % 的时间，最多允许 {allowed} %（{span}）；"
        "须由考评员裁定。",
        en="The recorder lost {share} % of {name}, at most {allowed} % are allowed "
        "({span}); an examiner has to decide.",
    ),
    "missing": Text(
        zh="记录中没有{what}；须由考评员裁定。",
        en="The recording holds no {what}; an examiner has to decide.",
    ),
    "missing.fail": Text(zh="记录中没有{what}。", en="The recording holds no {what}."),
    "error": Text(
        zh="评判程序出错（{what}）；须由考评员裁定，不计零分。",
        en="The engine failed ({what}); an examiner has to decide, this is no zero.",
    ),
    "not_applicable": Text(
        zh="不适用于试题变体 {variant}。", en="Does not apply to variant {variant}."
    ),
    "composite.min": Text(zh="取最差：{parts}", en="The worst counts: {parts}"),
    "composite.all": Text(zh="全部满足：{parts}", en="All of: {parts}"),
    "composite.any": Text(zh="取最好：{parts}", en="The best counts: {parts}"),
    "composite.mean": Text(zh="取平均：{parts}", en="The mean counts: {parts}"),
    "composite.k_of_n": Text(
        zh="至少满足 {k} 项：{parts}", en="At least {k} of: {parts}"
    ),
}
