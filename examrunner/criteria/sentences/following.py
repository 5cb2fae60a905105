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
}
