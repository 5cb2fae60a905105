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
        zh="旋转误差 {angle}°，位置误差 {apart} mm；{parts}；{note}（{moment}）。",
        en="Rotation off by {angle} deg, position by {apart} mm; {parts}; {note} "
        "({moment}).",
    ),
    "board_rest.rests": Text(
        zh="标定板在 {camera} 的每个姿态保持静止（标准差小于 {mm} mm 和 {deg}°）",
        en="Board at rest at every pose seen by {camera} (standard deviation below "
        "{mm} mm and {deg} deg)",
    ),
    "event_dwell.rule_board": Text(
        zh="{rests}，各姿态取平均：{scale}",
        en="{rests}, mean over the poses: {scale}",
    ),
    "board_rest.reason": Text(
        zh="{poses} 个姿态中 {enough} 个静止足够，最短 {shortest_s} s；要求{scale}"
        "（{span}）。",
        en="The board rested long enough at {enough} of {poses} poses, the shortest "
        "rest {shortest_s} s; required: {scale} ({span}).",
    ),
    "planes.with": Text(
        zh="只计 {within_s} s 内有激光雷达平面（至少 {inliers} 点）的图像",
        en="only stills with a plane of at least {inliers} lidar points within "
        "{within_s} s count",
    ),
    "planes.lost": Text(
        zh="记录仪丢失了图像前后共 {lost_s} s 的 {name}，缺少的平面可能在其中"
        "（{span}）；须由考评员裁定。",
        en="The recorder lost {lost_s} s of {name} beside the stills, and perhaps a "
        "plane with them ({span}); an examiner has to decide.",
    ),
    "views_valid.rule_joint": Text(zh="{views}；{planes}", en="{views}; {planes}"),
    "views_valid.joint": Text(
        zh="{taken} 张图像中 {valid} 张有效且互不相同，其中 {joint} 张有激光雷达平面；"
        "{scale}（{span}）。",
        en="{valid} of {taken} stills are valid and different, {joint} of them with a "
        "lidar plane; {scale} ({span}).",
    ),
    "view_diversity.rule_normals": Text(
        zh="标定板法向量矩阵的最小特征值：{full} 得满分，{zero} 得零分（对数尺度）；"
        "{planes}",
        en="Smallest eigenvalue of the mean of n n^T over the board's normals: {full} "
        "earns everything, {zero} nothing, on a logarithmic scale; {planes}",
    ),
    "view_diversity.normals": Text(
        zh="{joint} 个联合姿态，最小特征值 {value}；{full} 得满分，{zero} 得零分"
        "（{span}）。",
        en="Smallest eigenvalue {value} over {joint} joint poses; {full} earns "
        "everything, {zero} nothing ({span}).",
    ),
    "reproj_rms.rule_planes": Text(
        zh="所交外参下激光雷达质心到相机所见标定板平面的 RMS 距离：{scale}；{planes}",
        en="RMS distance of the lidar's centroids from the camera's board planes with "
        "the submitted pose: {scale}; {planes}",
    ),
    "reproj_rms.planes": Text(
        zh="{joint} 个联合姿态，RMS {rms} mm；{scale}（{span}）。",
        en="RMS {rms} mm over {joint} joint poses; {scale} ({span}).",
    ),
    "holdout_reproj.rule_corners": Text(
        zh="所交模型在保留图像上的重投影 RMS（{field}）：{scale}",
        en="Reprojection RMS of the submitted model ({field}) on hidden stills: "
        "{scale}",
    ),
    "holdout_reproj.rule_planes": Text(
        zh="所交外参（{field}）在保留姿态上的平面距离 RMS：{scale}",
        en="RMS distance of lidar centroids from the camera's planes at hidden poses "
        "with the submitted pose ({field}): {scale}",
    ),
    "holdout_reproj.reason": Text(
        zh="{count} 个保留样本，RMS {rms} {unit}；{scale}（{moment}）。",
        en="RMS {rms} {unit} over {count} hidden samples; {scale} ({moment}).",
    ),
    "extrinsics_ref.plain": Text(zh="约定一致", en="in the stated convention"),
    "extrinsics_ref.no_convention": Text(
        zh="换用其他约定也不符", en="no other convention fits either"
    ),
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
