"""Sentences of the kinds that measure a statistic of signals."""

from typing import Final

from examrunner.model.text import Text

SENTENCES: Final = {
    "scale.between": Text(
        zh="{min} 至 {max} {unit}之间", en="between {min} and {max} {unit}"
    ),
    "stat.mean": Text(zh="时间加权平均值", en="time-weighted mean"),
    "stat.median": Text(zh="中位数", en="median"),
    "stat.min": Text(zh="最小值", en="smallest value"),
    "stat.max": Text(zh="最大值", en="largest value"),
    "stat.std": Text(zh="标准差", en="standard deviation"),
    "stat.rms": Text(zh="均方根", en="root mean square"),
    "stat.p05": Text(zh="第 5 百分位数", en="5th percentile"),
    "stat.p95": Text(zh="第 95 百分位数", en="95th percentile"),
    "stat.slope": Text(zh="最小二乘斜率", en="least-squares slope"),
    "stat.delta": Text(zh="末值与初值之差", en="change from first to last value"),
    "stat.count": Text(zh="有效采样数", en="number of valid samples"),
    "stat.circ_mean": Text(zh="圆周平均值", en="circular mean"),
    "signal_stat.rule": Text(
        zh="{signal} 的{stat}（{window}）：{scale}",
        en="{signal}, {stat} ({window}): {scale}",
    ),
    "signal_stat.rule_ref": Text(
        zh="{signal} 的{stat}与{reference}之差（{window}）：{scale}",
        en="{signal}, {stat}, distance from {reference} ({window}): {scale}",
    ),
    "signal_stat.reason": Text(
        zh="{signal} 的{stat}为 {value} {unit}（{samples} 个采样）；要求{scale}"
        "（{span}）。",
        en="{signal}, {stat}: {value} {unit} ({samples} samples); required: {scale} "
        "({span}).",
    ),
    "signal_stat.reason_ref": Text(
        zh="{signal} 的{stat}为 {value} {unit}（{samples} 个采样），与{reference}相差 "
        "{distance} {unit}；要求{scale}（{span}）。",
        en="{signal}, {stat}: {value} {unit} ({samples} samples), {distance} {unit} "
        "from {reference}; required: {scale} ({span}).",
    ),
    "signal_stat.reason_quantised": Text(
        zh="{signal} 的{stat}为 {value} {unit}（{samples} 个采样），小于分辨率引起的 "
        "{resolution} {unit}；要求{scale}（{span}）。",
        en="{signal}, {stat}: {value} {unit} ({samples} samples), below the "
        "{resolution} {unit} of its resolution; required: {scale} ({span}).",
    ),
    "signal_stat.few": Text(
        zh="{signal} 只有 {samples} 个可用的有效采样，需要 {needed} 个（{span}）。",
        en="{signal} has {samples} valid samples to use, {needed} are needed ({span}).",
    ),
    "signal_stat.undefined": Text(
        zh="{signal} 的采样没有确定的{stat}（{span}）。",
        en="The samples of {signal} have no {stat} ({span}).",
    ),
    "signal_stat.no_reference": Text(
        zh="考生没有给出{reference}，无法比较（{span}）。",
        en="The candidate never produced {reference} to compare with ({span}).",
    ),
    "relation.stat": Text(zh="{expression} 的{stat}", en="{expression}, {stat}"),
    "relation.circle": Text(
        zh="点（{one}，{other}）拟合圆的半径",
        en="radius of the circle through the points ({one}, {other})",
    ),
    "relation.corr_at_once": Text(
        zh="{one} 与 {other} 的相关系数", en="correlation of {one} with {other}"
    ),
    "relation.corr": Text(
        zh="{one} 与 {other} 的相关系数（时延不超过 {max_lag_s} s）",
        en="correlation of {one} with {other} (delays up to {max_lag_s} s)",
    ),
    "signal_relation.rule": Text(
        zh="{what}（{window}）：{scale}", en="{what} ({window}): {scale}"
    ),
    "signal_relation.rule_ref": Text(
        zh="{what}与{reference}之差（{window}）：{scale}",
        en="{what}, distance from {reference} ({window}): {scale}",
    ),
    "signal_relation.reason": Text(
        zh="{what}为 {value} {unit}；要求{scale}（{span}）。",
        en="{what}: {value} {unit}; required: {scale} ({span}).",
    ),
    "signal_relation.reason_ref": Text(
        zh="{what}为 {value} {unit}，与{reference}相差 {distance} {unit}；要求{scale}"
        "（{span}）。",
        en="{what}: {value} {unit}, {distance} {unit} from {reference}; required: "
        "{scale} ({span}).",
    ),
    "signal_relation.still": Text(
        zh="{signal} 只变化了 {moved} {unit}，至少需要 {needed} {unit}（{span}）。",
        en="{signal} moved by {moved} {unit} only, {needed} {unit} are needed "
        "({span}).",
    ),
    "signal_relation.undefined.few": Text(
        zh="{what}无法计算：同时有效的值太少（{span}）。",
        en="{what} cannot be worked out: too few values are valid together ({span}).",
    ),
    "signal_relation.undefined.corr": Text(
        zh="{what}无法计算：同时有效的值太少，或信号没有变化（{span}）。",
        en="{what} cannot be worked out: too few values are valid together, or a "
        "signal does not change ({span}).",
    ),
    "signal_relation.undefined.circle": Text(
        zh="{what}无法计算：同时有效的点太少，或各点在一条直线上（{span}）。",
        en="{what} cannot be worked out: too few points are valid, or they lie on a "
        "line ({span}).",
    ),
    "signal_relation.undefined.circ_mean": Text(
        zh="{what}无法计算：同时有效的值太少，或各方向相互抵消（{span}）。",
        en="{what} cannot be worked out: too few values are valid together, or their "
        "directions cancel out ({span}).",
    ),
}
