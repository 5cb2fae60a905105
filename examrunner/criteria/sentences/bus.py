"""Sentences of the bus kinds."""

from typing import Final

from examrunner.model.text import Text

SENTENCES: Final = {
    "counter.rule": Text(
        zh="{message} 滚动计数正确的帧占比（{window}）：{scale}",
        en="Share of {message} frames with a right alive counter ({window}): {scale}",
    ),
    "counter.reason": Text(
        zh="{message}：{frames} 帧中 {good} 帧滚动计数正确，即 {share} %；要求{scale}"
        "（{span}）。",
        en="{message}: {good} of {frames} counters were right, {share} %; "
        "required: {scale} ({span}).",
    ),
    "checksum.rule": Text(
        zh="{message} 校验和正确的帧占比（{window}）：{scale}",
        en="Share of {message} frames with a right checksum ({window}): {scale}",
    ),
    "checksum.reason": Text(
        zh="{message}：{frames} 帧中 {good} 帧校验和正确，即 {share} %；要求{scale}"
        "（{span}）。",
        en="{message}: {good} of {frames} checksums were right, {share} %; "
        "required: {scale} ({span}).",
    ),
    "message.silent": Text(
        zh="窗口内没有可评判的 {message} 帧（{span}）。",
        en="There were no {message} frames to judge ({span}).",
    ),
    "msg_cycle.rule": Text(
        zh="{messages} 的周期（{window}）：{limits}",
        en="Cycle of {messages} ({window}): {limits}",
    ),
    "msg_cycle.mean": Text(
        zh="平均值偏差不超过 {limit} ms", en="mean within {limit} ms"
    ),
    "msg_cycle.p99": Text(
        zh="99 分位不超过 {limit} ms", en="99th percentile at most {limit} ms"
    ),
    "msg_cycle.max": Text(
        zh="最大间隔不超过 {limit} ms", en="longest gap at most {limit} ms"
    ),
    "msg_cycle.missing": Text(
        zh="缺帧不超过 {limit} %", en="at most {limit} % missing"
    ),
    "msg_cycle.share": Text(
        zh="应到帧至少收到 {limit} %", en="at least {limit} % of the frames due"
    ),
    "msg_cycle.p99_was": Text(zh="，99 分位 {p99_ms} ms", en="; p99 {p99_ms} ms"),
    "msg_cycle.none": Text(zh="", en=""),
    "msg_cycle.reason": Text(
        zh="{message}：平均 {mean_ms} ms（标称 {cycle_ms} ms）{p99}，最大间隔 "
        "{longest_ms} ms，缺帧 {missing} %；要求{limits}（{span}）。",
        en="{message}: mean {mean_ms} ms (nominal {cycle_ms} ms){p99}; longest gap "
        "{longest_ms} ms, {missing} % missing; required: {limits} ({span}).",
    ),
    "msg_cycle.silent": Text(
        zh="{message} 只有 {frames} 帧，至少需要 {needed} 帧（{span}）。",
        en="{message} had {frames} frames, at least {needed} are needed ({span}).",
    ),
    "msg_timeout.rule": Text(
        zh="{message} 的中断次数（{window}）：{scale}",
        en="Drop-outs of {message} ({window}): {scale}",
    ),
    "msg_timeout.rule_limit": Text(
        zh="{message} 超过 {limit_ms} ms 的中断次数（{window}）：{scale}",
        en="Drop-outs of {message} longer than {limit_ms} ms ({window}): {scale}",
    ),
    "msg_timeout.reason": Text(
        zh="{message} 中断（超过 {limit_ms} ms）{count} 次，共 {total_s} s，最长 "
        "{longest_s} s；要求{scale}（{span}）。",
        en="Drop-outs of {message} (longer than {limit_ms} ms): {count}, {total_s} s "
        "in all, the longest {longest_s} s; required: {scale} ({span}).",
    ),
    "duplicate_sender.rule": Text(
        zh="{messages} 只有一个发送者：任意 {stretch_s} s 内可疑帧不超过 {most} %",
        en="One sender only of {messages}: at most {most} % suspicious frames in any "
        "{stretch_s} s",
    ),
    "duplicate_sender.reason": Text(
        zh="{message}：最差一段有 {share} % 的帧过早到达或计数交错，允许 {most} %"
        "（{span}）。",
        en="{message}: in the worst stretch {share} % of the frames came early or "
        "counted crosswise, {most} % are allowed ({span}).",
    ),
    "error_frames.all": Text(zh="全部类别", en="any class"),
    "error_frames.rule": Text(
        zh="{bus} 的错误帧（{classes}，{window}）：{scale}",
        en="Error frames on {bus} ({classes}, {window}): {scale}",
    ),
    "error_frames.reason.count": Text(
        zh="{bus}：至少 {count} 个错误帧（{classes}）；要求{scale}（{span}）。",
        en="{bus}, error frames ({classes}): at least {count}; required: {scale} "
        "({span}).",
    ),
    "error_frames.reason.rate": Text(
        zh="{bus}：至少 {count} 个错误帧（{classes}），即 {value} {unit}；要求{scale}"
        "（{span}）。",
        en="{bus}, error frames ({classes}): at least {count}, that is {value} {unit}; "
        "required: {scale} ({span}).",
    ),
    "node_set.rule": Text(
        zh="{bus} 上出现的标识符为 {messages}（交并比，{window}）：{scale}",
        en="The identifiers on {bus} are {messages} (Jaccard index, {window}): {scale}",
    ),
    "node_set.reason": Text(
        zh="{bus}：交并比 {index}；缺少 {missing}，多出 {strange}；"
        "要求{scale}（{span}）。",
        en="{bus}: Jaccard index {index}; missing: {missing}; strange: {strange}; "
        "required: {scale} ({span}).",
    ),
    "gateway_route.within": Text(zh="{latency_ms} ms", en="{latency_ms} ms"),
    "gateway_route.within_about": Text(
        zh="{latency_ms} ms（±{uncertainty_ms} ms）",
        en="{latency_ms} ms (±{uncertainty_ms} ms)",
    ),
    "gateway_route.rule": Text(
        zh="{source} 的变化在 {within}内出现在 {target}，偏差不超过 {tol} 的占比"
        "（{window}）：{scale}",
        en="Share of the changes of {source} that {target} shows within {within}, at "
        "most {tol} off ({window}): {scale}",
    ),
    "gateway_route.reason": Text(
        zh="{source} 到 {target}：{changes} 次变化中 {matched} 次在 {within}内到达且"
        "偏差不超过 {tol}，即 {share} %，95 分位延时 {p95_ms} ms；"
        "要求{scale}（{span}）。",
        en="{source} to {target}: {matched} of {changes} changes arrived within "
        "{within}, at most {tol} off, {share} %; p95 latency {p95_ms} ms; required: "
        "{scale} ({span}).",
    ),
    "gateway_route.none": Text(
        zh="{source} 到 {target}：{changes} 次变化中没有一次在 {within}内到达且偏差"
        "不超过 {tol}；要求{scale}（{span}）。",
        en="{source} to {target}: none of {changes} changes arrived within {within}, "
        "at most {tol} off; required: {scale} ({span}).",
    ),
    "gateway_route.few": Text(
        zh="{source} 只有 {changes} 次变化，至少需要 {needed} 次（{span}）；须由考评员"
        "裁定。",
        en="{source} changed {changes} times, {needed} changes are needed ({span}); an "
        "examiner has to decide.",
    ),
    "msg_layout.rule": Text(
        zh="{message} 的长度、格式和标识符类型与数据库一致的帧占比（{window}）："
        "{scale}",
        en="Share of {message} frames with the length, format and identifier type of "
        "the database ({window}): {scale}",
    ),
    "msg_layout.rule_brs": Text(
        zh="{message} 的长度、格式和标识符类型与数据库一致，且{switches}的帧占比"
        "（{window}）：{scale}",
        en="Share of {message} frames with the length, format and identifier type of "
        "the database that {switches} ({window}): {scale}",
    ),
    "msg_layout.switches": Text(zh="切换位速率", en="switch the bit rate"),
    "msg_layout.keeps": Text(zh="不切换位速率", en="keep the bit rate"),
    "msg_layout.reason": Text(
        zh="{message}：{frames} 帧中 {good} 帧符合布局（{length} byte），即 {share} %；"
        "要求{scale}（{span}）。",
        en="{message}: {good} of {frames} frames have their layout ({length} byte), "
        "{share} %; required: {scale} ({span}).",
    ),
    "bus_load.rule": Text(
        zh="{bus} 的总线负载（{window}）：{scale}",
        en="Load of {bus} ({window}): {scale}",
    ),
    "bus_load.reason": Text(
        zh="{bus}：{frames} 帧，负载最多 {most} %（不计填充位 {least} %）；要求{scale}"
        "（{span}）。",
        en="{bus}: {frames} frames, a load of at most {most} % ({least} % without "
        "stuff bits); required: {scale} ({span}).",
    ),
}
