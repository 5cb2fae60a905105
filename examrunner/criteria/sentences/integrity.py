"""Sentences about forgery: who sent, whether it was there before, who was asked."""

from typing import Final

from examrunner.model.text import Text

SENTENCES: Final = {
    "replayed.here": Text(zh="本记录（{moment}）", en="this recording ({moment})"),
    "replayed.there": Text(
        zh="更早的记录 {recording}", en="the earlier recording {recording}"
    ),
    "replayed_traffic.rule": Text(
        zh="台架信号的噪声从不重复，也不与更早的记录相同",
        en="The noise of the rig's signals is never the same as before, here or in an "
        "earlier recording",
    ),
    "replayed_traffic.none": Text(
        zh="{signals} 个含噪声的信号均未重复（{span}）。",
        en="None of {signals} noisy signals repeats itself ({span}).",
    ),
    "replayed_traffic.reason": Text(
        zh="{signal} 有 {repeated_s} s 的噪声（{span}）先前已在{before}中出现，"
        "是回放的报文。",
        en="{repeated_s} s of the noise of {signal} ({span}) were there before in "
        "{before}: traffic was played back.",
    ),
    "replayed_pictures.rule": Text(
        zh="没有图片是以前的图片", en="No picture is an earlier picture"
    ),
    "replayed_pictures.none": Text(
        zh="{pictures} 张图片的传感器噪声均不相同（{span}）。",
        en="The sensor noise of {pictures} pictures differs ({span}).",
    ),
    "replayed_pictures.reason": Text(
        zh="先前拍摄过的图片有 {count} 张，首张由 {camera} 得到（{moment}），来自"
        "{before}（噪声相关 {alike}）。",
        en="Pictures that were taken before: {count}, the first of {camera} {moment}, "
        "from {before} (correlation of the noise {alike}).",
    ),
    "challenge_seen.rule": Text(
        zh="台架显示的是本次考试的口令（其他口令不超过 {most_s} s）",
        en="The rig shows the challenge of this attempt (another one for at most "
        "{most_s} s)",
    ),
    "challenge_seen.reason": Text(
        zh="{stream} 有 {wrong_s} s 显示的不是本次考试的口令，允许 {most_s} s"
        "（{span}）。",
        en="{stream} showed another challenge than this attempt's for {wrong_s} s, "
        "{most_s} s are allowed ({span}).",
    ),
}
