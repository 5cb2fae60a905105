"""Sentences of the process kinds."""

from typing import Final

from examrunner.model.text import Text

SENTENCES: Final = {
    "time_used.rule": Text(
        zh="用时（不含暂停）：{scale}", en="Time used, pauses excluded: {scale}"
    ),
    "time_used.reason": Text(
        zh="用时 {used_s} s；要求{scale}（{span}）。",
        en="{used_s} s were used; required: {scale} ({span}).",
    ),
    "time_used.missing": Text(
        zh="用时 {used_s} s，但未填写 {fields}，不得时间分；要求{scale}（{span}）。",
        en="{used_s} s were used, but not everything was filled in ({fields}), so time "
        "earns nothing; required: {scale} ({span}).",
    ),
    "judgement.level": Text(
        zh="{level} 级（{share} %）：{text}", en="level {level} ({share} %): {text}"
    ),
    "judgement.rule": Text(
        zh="考评员评定（{examiners} 人）：{text}。{levels}",
        en="Examiners judge ({examiners}): {text}. {levels}",
    ),
    "judgement.pending": Text(
        zh="等待考评员评定 0～3 级：{text}（{span}）。",
        en="Waiting for an examiner's level 0 to 3: {text} ({span}).",
    ),
    "judgement.fewer": Text(
        zh="{examiners} 名考评员中 {given} 名已评定（{by}：{levels} 级），等待其余"
        "考评员。",
        en="{given} of {examiners} examiners gave a level ({by}: {levels}); waiting "
        "for the others.",
    ),
    "judgement.spread": Text(
        zh="考评员评定的等级（{by}：{levels}）相差太大，须重新评定。",
        en="The levels given ({by}: {levels}) are too far apart; the examiners have to "
        "look again.",
    ),
    "judgement.given": Text(
        zh="考评员评定 {levels} 级（{by}），即 {share}：{why}",
        en="Examiners gave level {levels} ({by}), worth {share}: {why}",
    ),
    "examiner_check.rule": Text(
        zh="考评员确认：{text}", en="An examiner confirms: {text}"
    ),
    "examiner_check.pending": Text(
        zh="等待考评员确认（是、否）：{text}（{span}）。",
        en="Waiting for an examiner's yes or no: {text} ({span}).",
    ),
    "examiner_check.disagree": Text(
        zh="考评员（{by}）的回答不一致或没有看到，须重新确认。",
        en="{by} did not see it or do not agree; somebody has to confirm or deny.",
    ),
    "examiner_check.yes": Text(
        zh="考评员确认（{by}），得 {share}，满分为 1：{why}",
        en="Confirmed by {by}, worth {share} of 1: {why}",
    ),
    "examiner_check.no": Text(
        zh="考评员没有确认（{by}），得 {share}，满分为 1：{why}",
        en="Denied by {by}, worth {share} of 1: {why}",
    ),
    "decision.override": Text(
        zh="考评员 {by} 裁定为 {share}（机器为 {machine}）：{why}",
        en="{by} decided {share} (the machine said {machine}): {why}",
    ),
    "decision.confirmed": Text(
        zh="{by} 确认否决：{why}", en="{by} confirmed the veto: {why}"
    ),
    "decision.rejected": Text(
        zh="{by} 驳回否决：{why}", en="{by} rejected the veto: {why}"
    ),
    "veto.held": Text(
        zh="否决待考评员确认：{why}", en="Veto held for an examiner: {why}"
    ),
    "gate": Text(
        zh="{reason} 缺少 {criterion} 的证据（{had}，需要 {needed}），乘以 {factor}。",
        en="{reason} The evidence of {criterion} is missing ({had} of {needed}), times "
        "{factor}.",
    ),
    "deduction.taken": Text(
        zh="扣 {points} 分：{why}", en="{points} points off: {why}"
    ),
    "flag.unchecked": Text(
        zh="{code} 无法检查：{why}", en="{code} could not be checked: {why}"
    ),
    "flag.clock_step": Text(
        zh="系统时钟跳变 {by_s} s（{moment}），对考试时间没有影响。",
        en="The wall clock jumped by {by_s} s ({moment}); exam time is not affected.",
    ),
    "flag.loss": Text(
        zh="记录仪在 {stream} 上共丢失 {lost_s} s（{span}）。",
        en="The recorder lost {lost_s} s of {stream} ({span}).",
    ),
    "camera_health.rule": Text(
        zh="{stream} 的中断、静止或遮挡不超过 {most_s} s",
        en="{stream} is never cut off, frozen or covered for more than {most_s} s",
    ),
    "camera_health.reason": Text(
        zh="{stream} 最长中断、静止或遮挡 {longest_s} s，允许 {most_s} s（{span}）。",
        en="{stream} was cut off, frozen or covered for {longest_s} s at most, "
        "{most_s} s are allowed ({span}).",
    ),
    "ppe.rule": Text(
        zh="{items} 在看到人的时间内出现不少于 {share} %（{window}）",
        en="{items} seen for at least {share} % of the time a person is seen "
        "({window})",
    ),
    "ppe.reason": Text(
        zh="看到人 {person_s} s；{each}；要求 {share} %（{span}）。",
        en="A person was seen for {person_s} s; {each}; required: {share} % ({span}).",
    ),
    "ppe.item": Text(zh="{item} {seen} %", en="{item} {seen} %"),
    "ppe.review": Text(
        zh="看到人 {person_s} s；{each}；低于 {share} %，须由考评员裁定（{span}）。",
        en="A person was seen for {person_s} s; {each}; below {share} %, an examiner "
        "has to look ({span}).",
    ),
    "ppe.nobody": Text(
        zh="工作区相机没有看到人（{span}）；须由考评员裁定。",
        en="The work-area camera saw nobody ({span}); an examiner has to decide.",
    ),
}
