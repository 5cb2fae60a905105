"""Sentences of the vision kinds."""

from typing import Final

from examrunner.model.text import Text

SENTENCES: Final = {
    "views.none": Text(
        zh="{camera} 没有拍摄图像（{span}）。", en="{camera} took no stills ({span})."
    ),
    "views.none_valid": Text(
        zh="{camera} 拍摄的 {taken} 张图像都不计入（{span}）。",
        en="{camera} took {taken} stills, but none that counts ({span}).",
    ),
    "views_valid.rule": Text(
        zh="{camera} 有效且互不相同的视图数量（至少 {corners} 个角点，清晰度不低于参考"
        "的 {sharp} %，相互转角大于 {deg}° 或距离大于 {mm} mm）：{scale}",
        en="Valid, different views of {camera} (at least {corners} corners, {sharp} % "
        "of the reference sharpness, more than {deg} deg or {mm} mm apart): {scale}",
    ),
    "views_valid.reason": Text(
        zh="{taken} 张图像中 {valid} 张有效（重复 {duplicates}，角点不足 {few}，模糊 "
        "{blurred}）；{scale}（{span}）。",
        en="{valid} of {taken} stills are valid ({duplicates} duplicates, {few} with "
        "too few corners, {blurred} blurred); {scale} ({span}).",
    ),
    "view_coverage.rule": Text(
        zh="{grid} 个图像格中角点不少于 {corners} 个的比例：{scale}",
        en="Share of the {grid} picture cells with at least {corners} corners: {scale}",
    ),
    "view_coverage.reason": Text(
        zh="{cells} 个格中 {covered} 个被覆盖，即 {share} %；{scale}（{span}）。",
        en="{covered} of {cells} cells are covered, {share} %; {scale} ({span}).",
    ),
    "view_diversity.rule": Text(
        zh="至少 {views} 张视图倾斜不小于 {tilt}°，且绕 x、y 轴正负都有（{w_tilt}）；最"
        "远与最近距离之比不小于 {ratio}（{w_distance}）",
        en="At least {views} views tilted by {tilt} deg, both ways about x and y "
        "({w_tilt}); farthest to nearest at least {ratio} ({w_distance})",
    ),
    "view_diversity.rule_any": Text(
        zh="至少 {views} 张视图倾斜不小于 {tilt}°，方向不限（{w_tilt}）；最远与最近距离"
        "之比不小于 {ratio}（{w_distance}）",
        en="At least {views} views tilted by {tilt} deg, whichever way ({w_tilt}); "
        "farthest to nearest at least {ratio} ({w_distance})",
    ),
    "view_diversity.reason": Text(
        zh="{tilted} 张视图倾斜不小于 {tilt}°（要求 {views}），缺少方向：{missing}；距"
        "离比 {was}（要求 {ratio}）（{span}）。",
        en="{tilted} views are tilted by {tilt} deg ({views} required), missing: "
        "{missing}; distance ratio {was} ({ratio} required) ({span}).",
    ),
    "image_quality.rule": Text(
        zh="清晰度不低于参考图 {lapvar} 倍、饱和像素少于 {saturated} % 的比例：{scale}",
        en="Share of stills with {lapvar} of the reference sharpness and less than "
        "{saturated} % saturated pixels: {scale}",
    ),
    "image_quality.reason": Text(
        zh="{taken} 张图像中 {good} 张合格，即 {share} %；要求{scale}（{span}）。",
        en="{good} of {taken} stills are good, {share} %; required: {scale} ({span}).",
    ),
    "model.nothing": Text(
        zh="{field} 没有提交标定结果。", en="{field}: no calibration was handed in."
    ),
    "model.unusable": Text(
        zh="{field} 没有提交可用的标定结果（{problem}）。",
        en="{field}: no usable calibration was handed in ({problem}).",
    ),
    "reproj_rms.rule": Text(
        zh="用所交模型在 {camera} 视图上的重投影 RMS：{scale}",
        en="Reprojection RMS of the submitted model on the views of {camera}: {scale}",
    ),
    "reproj_rms.reason": Text(
        zh="{views} 张视图、{corners} 个角点，重投影 RMS {rms} px；{scale}（{span}）。",
        en="Reprojection RMS {rms} px over {views} views and {corners} corners; "
        "{scale} ({span}).",
    ),
    "model_discrepancy.rule": Text(
        zh="所交模型与本台架参考模型在图像内部 {inner} % 的差异（已补偿旋转）：{scale}",
        en="Difference to this rig's reference camera over the inner {inner} % of the "
        "picture, rotation compensated: {scale}",
    ),
    "model_discrepancy.reason": Text(
        zh="与参考相机的差异 RMS {rms} px，最大 {worst} px；要求{scale}（{moment}）。",
        en="Difference to the reference camera {rms} px RMS, {worst} px at most; "
        "required: {scale} ({moment}).",
    ),
    "intrinsics_ref.rule": Text(
        zh="焦距相对误差（{w_f}）：{f}；主点距离（{w_pp}）：{pp}",
        en="Relative focal error ({w_f}): {f}; principal point ({w_pp}): {pp}",
    ),
    "intrinsics_ref.reason": Text(
        zh="焦距误差 {df} %（{f}）；主点偏差 {dp} px（{pp}）；{note}（{moment}）。",
        en="Focal error {df} % ({f}); principal point off by {dp} px ({pp}); {note} "
        "({moment}).",
    ),
    "intrinsics_ref.plain": Text(zh="图像尺寸一致", en="same image size"),
    "intrinsics_ref.scaled": Text(zh="已按图像尺寸换算", en="scaled to the image size"),
    "intrinsics_ref.swapped": Text(
        zh="fx 与 fy 似乎互换", en="fx and fy look exchanged"
    ),
}
