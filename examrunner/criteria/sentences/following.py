"""Sentences of the kinds that ask whether one signal follows another."""

from typing import Final

from examrunner.model.text import Text

SENTENCES: Final = {
    "signal_freeze.rule": Text(
        zh="{stimulus} 变化至少 {min_move} 期间 {signal} 不变的最长时间（{window}）："
        "{scale}",
        en="Longest time in which {signal} stands still while {stimulus} moves by at "
        "least {min_move} ({window}): {scale}",
    ),
    "signal_freeze.reason": Text(
        zh="{stimulus} 变化至少 {min_move} {unit} 期间，{signal} 最长 {frozen_s} s "
        "不变；要求{scale}（{span}）。",
        en="{signal} stood still for {frozen_s} s at most while {stimulus} moved by at "
        "least {min_move} {unit}; required: {scale} ({span}).",
    ),
    "tracking.rmse": Text(zh="均方根误差", en="root-mean-square error"),
    "tracking.max": Text(zh="最大误差", en="largest error"),
    "tracking.rule": Text(
        zh="{feedback} 跟随 {command} 的{metric}，时延取最吻合者，不超过 {tau_s} s"
        "（{window}）：{scale}",
        en="{feedback} follows {command}: {metric} at the delay that fits best, up to "
        "{tau_s} s ({window}): {scale}",
    ),
    "tracking.rule_tau": Text(
        zh="{feedback} 跟随 {command} 的{metric}，时延 {tau_s} s（{window}）：{scale}",
        en="{feedback} follows {command}: {metric} at a delay of {tau_s} s ({window}): "
        "{scale}",
    ),
    "tracking.reason": Text(
        zh="{feedback} 跟随 {command}：均方根误差 {rmse} {unit}，最大误差 {largest} "
        "{unit}，时延 {tau_s} s；要求{metric}{scale}（{span}）。",
        en="{feedback} followed {command} with a root-mean-square error of {rmse} "
        "{unit} and a largest error of {largest} {unit}, delay {tau_s} s; required "
        "{metric}: {scale} ({span}).",
    ),
    "tracking.constant": Text(
        zh="指令 {command} 没有变化，无法评判 {feedback} 的跟随（{span}）。",
        en="The command {command} never changed, so {feedback} had nothing to follow "
        "({span}).",
    ),
    "tracking.no_pairs": Text(
        zh="{feedback} 与 {command} 没有同时有效的值（{span}）。",
        en="{feedback} and {command} are never valid together ({span}).",
    ),
}
