"""Sentences about the seams of surrounding cameras."""

from typing import Final

from examrunner.model.text import Text

SENTENCES: Final = {
    "seam_error.rule": Text(
        zh="用所交外参（{field}）换算地面点的平均误差：{scale}",
        en="Mean error of floor points transferred by the submitted extrinsics "
        "({field}): {scale}",
    ),
    "seam_error.reason": Text(
        zh="{points} 个地面点平均误差 {mean} mm，最大 {worst} mm；{scale}"
        "（{moment}）。",
        en="{points} floor points are off by {mean} mm on average, {worst} mm at most; "
        "{scale} ({moment}).",
    ),
}
