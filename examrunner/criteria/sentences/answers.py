"""Sentences of the answer kinds."""

from typing import Final

from examrunner.model.text import Text

SENTENCES: Final = {
    "reference.value": Text(zh="数值 {value}", en="the value {value}"),
    "reference.criterion": Text(
        zh="评分项 {name} 的测量值", en="the measured value of {name}"
    ),
    "reference.number": Text(
        zh="评分项 {name} 测得的 {detail}", en="{detail} as {name} measured it"
    ),
    "reference.attachment": Text(
        zh="上传文件 {name} 中的 {detail}", en="{detail} of the uploaded {name}"
    ),
    "reference.field": Text(zh="字段 {name}", en="the field {name}"),
    "reference.signal": Text(zh="信号 {name}", en="the signal {name}"),
    "reference.at.edit": Text(zh="填写时", en="when it was stated"),
    "reference.at.first_edit": Text(zh="首次填写时", en="when it was first stated"),
    "reference.at.exam.end": Text(zh="考试结束时", en="at the stop"),
    "reference.then": Text(zh="{moment}的{reference}", en="{reference} {moment}"),
    "reference.before.edit": Text(zh="填写", en="it was stated"),
    "reference.before.first_edit": Text(zh="首次填写", en="it was first stated"),
    "reference.before.exam.end": Text(zh="考试结束", en="the stop"),
    "reference.averaged": Text(
        zh="{moment}之前 {back_s} s 内{reference}的平均值",
        en="the mean of {reference} over the {back_s} s before {moment}",
    ),
    "reference.lookback": Text(
        zh="{moment}之前 {back_s} s 内最接近的{reference}",
        en="the nearest of {reference} over the {back_s} s before {moment}",
    ),
    "reference.mean": Text(
        zh="{name} 在“{window}”内的平均值", en="the mean of {name} over {window}"
    ),
    "reference.while": Text(
        zh="{reference}（当{while}时）", en="{reference} (while {while})"
    ),
    "reference.plus": Text(zh="{reference} {plus}", en="{reference} {plus}"),
    "reference.fib": Text(zh="故障箱测量 {name}", en="the fault box's {name}"),
    "reference.frame": Text(
        zh="所引用的错误帧（报文 {name}）在考试中的时刻",
        en="the exam time of the bad frame of {name} that is quoted",
    ),
    "reference.crc_of": Text(
        zh="所引用的错误帧（报文 {name}）应有的校验值",
        en="the checksum that the quoted bad frame of {name} should carry",
    ),
    "answer_number.rule": Text(
        zh="所填数值正确：{items}", en="The numbers stated are right: {items}"
    ),
    "answer_number.item": Text(
        zh="{field} 等于{ref}，误差不超过 {tolerance}",
        en="{field} equals {ref} within {tolerance}",
    ),
    "answer_number.reason": Text(
        zh="{field}：填写 {typed} {unit}，参考值 {right} {unit}，误差 {error}，允许 "
        "{tolerance} {unit}（{moment}）。",
        en="{field}: stated {typed} {unit}, reference {right} {unit}, off by {error}, "
        "{tolerance} {unit} are allowed ({moment}).",
    ),
    "answer_number.no_unit": Text(
        zh="{reason}没有填写单位，乘以 {factor}。",
        en="{reason} No unit was stated: times {factor}.",
    ),
    "answer_number.unit": Text(zh="（{unit}）", en="({unit})"),
    "answer_number.blank": Text(
        zh="{field} 没有填写，应为{ref}{unit}。",
        en="{field} was left blank; it should be {ref} {unit}.",
    ),
    "answer_number.unreadable": Text(
        zh="{field} 填写的“{typed}”不能读作数值{unit}，应为{ref}。",
        en='{field}: "{typed}" cannot be read as a number {unit}; it should be {ref}.',
    ),
    "answer_number.unmeasured": Text(
        zh="{field} 填写了“{typed}”，但没有进行相应的测量：{ref}{unit}。",
        en='{field}: "{typed}" was stated, but nothing was done that could show it: '
        "{ref} {unit}.",
    ),
    "answer_number.no_file": Text(
        zh="{field} 填写了“{typed}”，但没有可用的上传文件：{ref}{unit}。",
        en='{field}: "{typed}" was stated, but no usable file was handed in: {ref} '
        "{unit}.",
    ),
    "answer_number.absent": Text(
        zh="{field}：填写“{typed}”，当时确实没有读数（{ref}）。",
        en='{field}: "{typed}" is right, there was nothing to read ({ref}).',
    ),
    "answer_number.not_absent": Text(
        zh="{field}：填写了“{typed}”，但当时没有读数（{ref}），应填 {words}。",
        en='{field}: "{typed}" was stated, but there was nothing to read ({ref}); '
        "right is {words}.",
    ),
    "answer_choice.rule": Text(zh="{field} 选择正确", en="{field} is answered rightly"),
    "answer_choice.also": Text(
        zh="{rule}；同样正确：{options}", en="{rule}; as right: {options}"
    ),
    "answer_choice.half": Text(
        zh="{rule}；得一半：{options}", en="{rule}; half right: {options}"
    ),
    "answer_choice.rule_attempts": Text(
        zh="{field} 选择正确；各次提交的系数为 {factors}",
        en="{field} is answered rightly; factors by attempt: {factors}",
    ),
    "answer_choice.rule_multi": Text(
        zh="{field} 的选择集合正确（{scoring}）",
        en="The set chosen for {field} is right ({scoring})",
    ),
    "answer_choice.scoring.jaccard": Text(zh="交并比", en="Jaccard index"),
    "answer_choice.scoring.right_minus_wrong": Text(
        zh="选对数减选错数", en="right minus wrong"
    ),
    "answer_choice.last": Text(
        zh="{field}：“{chosen}”，得分比例 {share}，满分为 1（{moment}）。",
        en='{field}: "{chosen}" earns {share} of 1 ({moment}).',
    ),
    "answer_choice.reason": Text(
        zh="{field}：第 {attempt} 次提交“{chosen}”，得分比例 {share}，满分为 1"
        "（{moment}）。",
        en='{field}: "{chosen}" at attempt {attempt} earns {share} of 1 ({moment}).',
    ),
    "answer_choice.late": Text(
        zh="{field}：第 {attempt} 次提交“{chosen}”才正确，得 {share}，满分为 1"
        "（{moment}）。",
        en='{field}: "{chosen}" is right, but not before attempt {attempt}, and earns '
        "{share} of 1 ({moment}).",
    ),
    "answer_choice.wrong": Text(
        zh="{field}：提交了 {attempt} 次，最后为“{chosen}”，均不正确，得 {share}，满分"
        "为 1（{moment}）。",
        en='{field}: none of {attempt} attempts is right, the last is "{chosen}"; '
        "earns {share} of 1 ({moment}).",
    ),
    "answer_choice.blank": Text(
        zh="{field} 没有回答，得 0，满分为 1（{span}）。",
        en="{field} was left blank and earns 0 of 1 ({span}).",
    ),
}
