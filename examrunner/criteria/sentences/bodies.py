"""Sentences about bodies with tags, and about people in zones."""

from typing import Final

from examrunner.model.text import Text

SENTENCES: Final = {
    "pose.distance": Text(zh="距离", en="distance"),
    "pose.lateral": Text(zh="横向偏移", en="lateral offset"),
    "pose.height": Text(zh="高度", en="height"),
    "pose.yaw": Text(zh="偏航角", en="yaw"),
    "pose.pitch": Text(zh="俯仰角", en="pitch"),
    "pose.roll": Text(zh="横滚角", en="roll"),
    "pose.azimuth": Text(zh="方位角", en="azimuth"),
    "pose.shift": Text(zh="位移", en="movement"),
    "reference.span": Text(
        zh="{before}之前，从 {reference} 的 {from} mm 到 {body} 的 {to} mm 的距离",
        en="the distance from {from} mm of {reference} to {to} mm of {body} before "
        "{before}",
    ),
    "target_pose.rule": Text(
        zh="{at}，{body} 相对 {reference} 的位置：{items}",
        en="Position of {body} against {reference} at {at}: {items}",
    ),
    "target_pose.origin": Text(
        zh="坐标从 {reference} 的 {origin} mm 起算",
        en="counted from {origin} mm of {reference}",
    ),
    "target_pose.since": Text(zh="自{since}起", en="since {since}"),
    "target_pose.worst": Text(
        zh="多个时刻取最差一次", en="the worst of several moments counts"
    ),
    "target_pose.of": Text(
        zh="{component}与 {want} 之差：{scale}",
        en="error of the {component} against {want}: {scale}",
    ),
    "target_pose.of_shift": Text(
        zh="{component}：{scale}",
        en="{component}: {scale}",
    ),
    "target_pose.weighed": Text(
        zh="{item}（权重 {weight}）", en="{item} (weight {weight})"
    ),
    "target_pose.item": Text(
        zh="{component}偏差 {error} {unit}（标准差 {sigma} {unit}）；{scale}",
        en="{component} off by {error} {unit} (standard deviation {sigma} {unit}); "
        "{scale}",
    ),
    "target_pose.moved": Text(
        zh="{component} {error} {unit}（标准差 {sigma} {unit}）；{scale}",
        en="{component} of {error} {unit} (standard deviation {sigma} {unit}); {scale}",
    ),
    "target_pose.reason": Text(
        zh="{body}：{items}；{pictures} 张图像的中位数（{span}）。",
        en="{body}: {items}; median of {pictures} pictures ({span}).",
    ),
    "target_pose.reasons": Text(
        zh="{moments} 个时刻中最差的一次：{body}：{items}；{pictures} 张图像的中位数"
        "（{span}）。",
        en="The worst of {moments} moments: {body}: {items}; median of {pictures} "
        "pictures ({span}).",
    ),
    "target_pose.unseen": Text(
        zh="{moment}最新的图像中看不到 {body}；须由考评员判定。",
        en="The newest picture {moment} does not show {body}; an examiner has to "
        "decide.",
    ),
    "target_pose.unsteady": Text(
        zh="{moment} {body} 静止的图像只有 {pictures} 张（要求 {needed}）；须由考评员"
        "判定。",
        en="{body} had been at rest in only {pictures} pictures ({needed} required) "
        "{moment}; an examiner has to decide.",
    ),
    "target_pose.unsure": Text(
        zh="{body} 的{component}标准差为 {sigma} {unit}，对满分界限 {full} {unit} 不够"
        "精确（{moment}）；须由考评员判定。",
        en="The {component} of {body} is known to {sigma} {unit} only, too coarse for "
        "a limit of {full} {unit} ({moment}); an examiner has to decide.",
    ),
    "zone.name": Text(
        zh="区域“{name}”（标记 {markers}）", en='the zone "{name}" (markers {markers})'
    ),
    "zone_marker.rule": Text(
        zh="{window}，{zone} 内的{value}：{scale}",
        en="{value} in {zone}, {window}: {scale}",
    ),
    "zone_marker.count": Text(zh="进入次数", en="Stays"),
    "zone_marker.share": Text(zh="停留时间比例", en="Share of the time"),
    "zone_marker.time": Text(zh="停留时间", en="Time"),
    "zone_marker.reason": Text(
        zh="{zone} 内的{value}为 {measured} {unit}（{count} 次，共 {time_s} s）；要求"
        "{scale}（{span}）。",
        en="{value} in {zone}: {measured} {unit} (stays: {count}, together "
        "{time_s} s); required: {scale} ({span}).",
    ),
    "predicate.zone": Text(zh="有标记在{zone}内", en="a marker is in {zone}"),
    "snapshot.inside": Text(zh="有标记在{zone}内", en="a marker was in {zone}"),
    "snapshot.outside": Text(zh="{zone}内没有标记", en="no marker was in {zone}"),
    "event.zone_entered": Text(zh="标记进入{zone}", en="a marker enters {zone}"),
    "event.zone_left": Text(zh="标记离开{zone}", en="a marker leaves {zone}"),
}
