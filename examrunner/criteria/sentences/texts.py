"""Sentences about typed codes, texts, orders and handed-in files."""

from typing import Final

from examrunner.model.text import Text

SENTENCES: Final = {
    "answer_dtc.rule": Text(
        zh="{field} 填写的故障码正确；故障类型字节错误或缺失得 {half}，满分为 1",
        en="The trouble code in {field} is right; with a wrong or missing failure type "
        "byte it earns {half} of 1",
    ),
    "answer_dtc.right": Text(
        zh="{field}：故障码“{typed}”正确，得 {share}，满分为 1（{moment}）。",
        en='{field}: the trouble code "{typed}" is right and earns {share} of 1 '
        "({moment}).",
    ),
    "answer_dtc.base_only": Text(
        zh="{field}：故障码“{typed}”正确，但故障类型字节错误或缺失，得 {share}，满分"
        "为 1（{moment}）。",
        en='{field}: the trouble code "{typed}" is right but its failure type byte is '
        "wrong or missing; it earns {share} of 1 ({moment}).",
    ),
    "answer_dtc.wrong": Text(
        zh="{field}：故障码“{typed}”不正确，得 {share}，满分为 1（{moment}）。",
        en='{field}: the trouble code "{typed}" is wrong and earns {share} of 1 '
        "({moment}).",
    ),
    "answer_dtc.unreadable": Text(
        zh="{field}：“{typed}”不是故障码，得 {share}，满分为 1（{moment}）。",
        en='{field}: "{typed}" is no trouble code and earns {share} of 1 ({moment}).',
    ),
    "answer_dtc.blank": Text(
        zh="{field} 没有填写，得 0，满分为 1（{span}）。",
        en="{field} was left blank and earns 0 of 1 ({span}).",
    ),
    "answer_text.rule": Text(
        zh="{field} 写明：{groups}；没有全部写明的由考评员阅读",
        en="{field} states {groups}; an examiner reads what is incomplete",
    ),
    "answer_text.complete": Text(
        zh="{field} 写明了全部要点（{said}），得 {share}，满分为 1（{moment}）。",
        en="{field} states everything ({said}) and earns {share} of 1 ({moment}).",
    ),
    "answer_text.missing": Text(
        zh="{field}：找到 {said}，没有找到 {missing}，相当于 {share}，满分为 1"
        "（{moment}）；须由考评员阅读。",
        en="{field}: found {said}; not found {missing}; worth {share} of 1 ({moment}) "
        "by that. An examiner has to read it.",
    ),
    "answer_text.blank": Text(
        zh="{field} 没有填写，得 0，满分为 1（{span}）。",
        en="{field} was left blank and earns 0 of 1 ({span}).",
    ),
    "answer_order.rule": Text(
        zh="{field} 的顺序正确；按颠倒或缺项的对数扣分",
        en="The order in {field} is right; every pair the wrong way round or "
        "incomplete costs",
    ),
    "answer_order.reason": Text(
        zh="{field}：“{given}”，{most} 对中有 {inversions} 对颠倒或缺项，得 {share}，满"
        "分为 1（{moment}）。",
        en='{field}: "{given}" has {inversions} of {most} pairs the wrong way round '
        "and earns {share} of 1 ({moment}).",
    ),
    "answer_order.blank": Text(
        zh="{field} 没有填写，得 0，满分为 1（{span}）。",
        en="{field} was left blank and earns 0 of 1 ({span}).",
    ),
    "attachment.rule": Text(
        zh="{field} 上传了{format}，大小 {min_bytes} 至 {max_bytes} byte",
        en="{field} holds {format} of {min_bytes} to {max_bytes} bytes",
    ),
    "attachment.format.any": Text(zh="文件", en="a file"),
    "attachment.format.calibration": Text(
        zh="可读取的标定文件", en="a readable calibration"
    ),
    "attachment.reason": Text(
        zh="{field}：“{name}”，{bytes} byte（允许 {min_bytes} 至 {max_bytes} byte），"
        "第 {versions} 版，SHA-256 {digest}（{moment}）。",
        en='{field}: "{name}", {bytes} bytes ({min_bytes} to {max_bytes} bytes are '
        "allowed), version {versions}, SHA-256 {digest} ({moment}).",
    ),
    "attachment.size": Text(
        zh="{field}：“{name}”为 {bytes} byte，允许 {min_bytes} 至 {max_bytes} byte"
        "（{moment}）。",
        en='{field}: "{name}" has {bytes} bytes, {min_bytes} to {max_bytes} bytes are '
        "allowed ({moment}).",
    ),
    "attachment.damaged": Text(
        zh="{field}：“{name}”上传时损坏（{moment}）。",
        en='{field}: the upload of "{name}" is damaged ({moment}).',
    ),
    "attachment.unusable": Text(
        zh="{field}：文件不能使用：{problem}（{moment}）。",
        en="{field}: {problem} ({moment}).",
    ),
    "attachment.outside": Text(
        zh="{field} 在考试时间内没有上传文件，只在考试时间外有（{span}）。",
        en="{field} got a file, but none during the exam ({span}).",
    ),
    "attachment.blank": Text(
        zh="{field} 没有上传文件（{span}）。", en="{field} holds no file ({span})."
    ),
}
