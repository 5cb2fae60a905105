"""Sentences of the kinds about poses of sensors and boards."""

from typing import Final

from examrunner.model.text import Text

SENTENCES: Final = {
    "extrinsics_ref.rule": Text(
        zh="所交外参（{field}）与本台架参考外参之差：{parts}",
        en="Submitted extrinsics ({field}) against this rig's own: {parts}",
    ),
    "extrinsics_ref.of_rotation": Text(
        zh="旋转误差（{share} %）：{scale}", en="rotation error ({share} %): {scale}"
    ),
    "extrinsics_ref.of_translation": Text(
        zh="平移误差（{share} %）：{scale}", en="translation error ({share} %): {scale}"
    ),
    "extrinsics_ref.of_centre": Text(
        zh="原点距离（{share} %）：{scale}",
        en="distance of the origins ({share} %): {scale}",
    ),
    "extrinsics_ref.reason": Text(
        zh="旋转误差 {angle}°，平移误差 {apart} mm；{parts}；{note}（{moment}）。",
        en="Rotation off by {angle} deg, translation by {apart} mm; {parts}; {note} "
        "({moment}).",
    ),
    "extrinsics_ref.plain": Text(zh="约定一致", en="in the stated convention"),
    "extrinsics_ref.inverse": Text(
        zh="约定不符：交的是逆变换", en="wrong convention: this is the inverse"
    ),
    "extrinsics_ref.transposed": Text(
        zh="约定不符：旋转矩阵被转置",
        en="wrong convention: the rotation is transposed",
    ),
    "extrinsics_ref.axes": Text(
        zh="约定不符：坐标轴取法不同（前左上与右下前）",
        en="wrong convention: other axes (forward, left, up for right, down, forward)",
    ),
}
