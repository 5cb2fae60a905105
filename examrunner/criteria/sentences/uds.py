"""Sentences of the UDS kinds."""

from typing import Final

from examrunner.model.text import Text

SENTENCES: Final = {
    "uds.request": Text(
        zh="{ecu} 的诊断请求 {request}（{result}）",
        en="request {request} to {ecu} ({result})",
    ),
    "uds.any_request": Text(
        zh="{ecu} 的任何诊断请求（{result}）", en="any request to {ecu} ({result})"
    ),
    "uds.nobody": Text(zh="均未响应", en="none answered"),
    "uds.any_ecu": Text(zh="任一 ECU", en="any ECU"),
    "uds.request_in": Text(
        zh="{request}，会话 {session}", en="{request} in session {session}"
    ),
    "uds.request_unlocked": Text(zh="{request}，已解锁", en="{request}, unlocked"),
    "uds.request_locked": Text(zh="{request}，未解锁", en="{request}, locked"),
    "uds.result.positive": Text(zh="肯定响应", en="answered positively"),
    "uds.result.negative": Text(zh="否定响应", en="answered negatively"),
    "uds.result.timeout": Text(zh="无响应", en="not answered"),
    "uds.result.any": Text(zh="响应不限", en="whatever the answer"),
    "uds.result.refused": Text(zh="{result}，NRC {nrc}", en="{result}, NRC {nrc}"),
    "uds.result.listing": Text(zh="{result}，列出 {dtc}", en="{result}, listing {dtc}"),
    "uds_service.rule": Text(
        zh="{request}（{window}）：至少 {min} 次",
        en="{request} ({window}): at least {min}",
    ),
    "uds_service.rule_items": Text(
        zh="每项至少一次：{request}（{window}）",
        en="Each at least once: {request} ({window})",
    ),
    "uds_service.rule_ecus": Text(
        zh="{request}，不同 ECU 的数量（{window}）：{scale}",
        en="{request}, number of different ECUs ({window}): {scale}",
    ),
    "uds_service.reason": Text(
        zh="{request}：{count}，要求 {wanted}；涉及 ECU：{ecus}（{span}）。",
        en="{request}: {count}, wanted {wanted}; ECUs: {ecus} ({span}).",
    ),
    "uds_service.not_recorded": Text(
        zh="{request}：所记录的内容不完整，无法判断（{span}）；须由考评员裁定。",
        en="{request}: too little of it was recorded to tell ({span}); an examiner "
        "has to decide.",
    ),
    "uds_service.outage": Text(
        zh="没有记录到{request}，但记录仪丢失了 {lost_s} s 的诊断数据（{span}）；"
        "须由考评员裁定。",
        en="{request} was not recorded, but the recorder lost {lost_s} s of "
        "diagnostics ({span}); an examiner has to decide.",
    ),
    "did_value.rule": Text(
        zh="{ecu} 最后读出的 {dids} 与应有数值一致，误差不超过 {tol} {unit}",
        en="{ecu}: the last reading of {dids} equals the right value within {tol} "
        "{unit}",
    ),
    "did_value.rule_write": Text(
        zh="{ecu} 最后读出或写入的 {dids} 与应有数值一致，误差不超过 {tol} {unit}",
        en="{ecu}: {dids}, as it was last read or written, equals the right value "
        "within {tol} {unit}",
    ),
    "did_value.rule_after": Text(
        zh="{ecu} 写入后再读出的 {dids} 与应有数值一致，误差不超过 {tol} {unit}",
        en="{ecu}: {dids}, read back after the last write, equals the right value "
        "within {tol} {unit}",
    ),
    "did_value.rule_after_write": Text(
        zh="{ecu} 最后写入的或写入后再读出的 {dids} 与应有数值一致，误差不超过 {tol} "
        "{unit}",
        en="{ecu}: {dids}, as it was last written or read back after that, equals the "
        "right value within {tol} {unit}",
    ),
    "did_value.reason": Text(
        zh="{ecu} {did} 读出 {read}，应为 {right}，允许误差 {tolerance}（{hex}，"
        "{moment}）。",
        en="{ecu} {did} read {read}, should be {right} within {tolerance} ({hex}, "
        "{moment}).",
    ),
    "did_value.differs": Text(
        zh="{ecu} {did} 读出 {read}，不等于 {right}，允许误差 {tolerance}（{hex}，"
        "{moment}）。",
        en="{ecu} {did} read {read}, not {right} within {tolerance} ({hex}, {moment}).",
    ),
    "did_value.rule_score": Text(
        zh="{ecu} 的 {dids} 各数值与正确值之差：{scale}",
        en="Numbers of {dids} of {ecu}, distance from the right ones: {scale}",
    ),
    "did_value.scored": Text(
        zh="{ecu} 的 {did} 为 {read}，应为 {right} {unit}；{scale}（{moment}，"
        "{hex}）。",
        en="{did} of {ecu} is {read}, right is {right} {unit}; {scale} ({moment}, "
        "{hex}).",
    ),
    "did_value.not_read": Text(
        zh="{ecu} {did} 没有被读出，需要 1 次肯定响应。",
        en="{ecu} {did} was never read back; 1 positive answer is needed.",
    ),
    "did_value.short": Text(
        zh="{ecu} {did} 的响应太短（{hex}，{moment}）。",
        en="{ecu} {did} answered too few bytes ({hex}, {moment}).",
    ),
    "did_value.no_reference": Text(
        zh="{ecu} {did}（{hex}，{moment}）没有可比较的数值：考生没有填写或上传。",
        en="{ecu} {did} ({hex}, {moment}) has nothing to be compared with: nothing was "
        "stated or handed in.",
    ),
    "dtc_clear_verify.rule": Text(
        zh="清除 {dtcs}（0.4），之后自行复查（0.3），清除 {hold_s} s 后代理读出检测已"
        "运行且通过（0.3）；ECU：{ecus}（{window}）",
        en="{dtcs} cleared (0.4), then checked by the candidate (0.3), and tested and "
        "passed when the agent reads {hold_s} s later (0.3); ECUs: {ecus} ({window})",
    ),
    "dtc_clear_verify.reason": Text(
        zh="{ecu}：清除得 {cleared}，自行复查得 {checked}，{hold_s} s 后代理读出得 "
        "{proven}；标准 0.4、0.3、0.3（{span}）。",
        en="{ecu}: clearing {cleared} of 0.4, own check {checked} of 0.3, agent's "
        "reading after {hold_s} s {proven} of 0.3 ({span}).",
    ),
    "dtc_clear_verify.pending": Text(
        zh="{ecu}：结束后代理的读数还没有；清除得 {cleared}，自行复查得 {checked}"
        "（{span}）。",
        en="{ecu}: the agent's reading after the stop is missing; clearing {cleared}, "
        "own check {checked} ({span}).",
    ),
    "routine_result.rule": Text(
        zh="{ecu} 例程 {rid} 最后一次读取的结果以 {wanted} 开头（{window}）",
        en="{ecu}: the last results of routine {rid} begin with {wanted} ({window})",
    ),
    "routine_result.rule_started": Text(
        zh="{ecu} 例程 {rid} 最后一次读取的结果以 {wanted} 开头（{window}）；只启动而不"
        "读取结果得 {started} %",
        en="{ecu}: the last results of routine {rid} begin with {wanted} ({window}); a "
        "start without results earns {started} %",
    ),
    "routine_result.reason": Text(
        zh="{ecu} 例程 {rid} 的状态：{status}；要求 {wanted}（{hex}，{moment}）。",
        en="{ecu}: routine {rid} reported {status}, wanted {wanted} ({hex}, {moment}).",
    ),
    "routine_result.no_status": Text(zh="无", en="no status"),
    "routine_result.started": Text(
        zh="{ecu} 例程 {rid} 已启动，但没有读出结果，要求 {wanted}；得 {started} %"
        "（{span}）。",
        en="{ecu}: routine {rid} was started, but its results were never read, wanted "
        "{wanted}; that earns {started} % ({span}).",
    ),
    "routine_result.never": Text(
        zh="{ecu} 例程 {rid} 没有被启动，也没有读出结果，要求 {wanted}（{span}）。",
        en="{ecu}: routine {rid} was neither started nor were its results read, wanted "
        "{wanted} ({span}).",
    ),
    "dtc_status.rule": Text(
        zh="{ecu} 最后一次读出的 {dtc} 状态字节{wanted}（{window}）",
        en="{ecu}: the last status of {dtc} that was read {wanted} ({window})",
    ),
    "dtc_status.equals": Text(zh="为 {equals}", en="is {equals}"),
    "dtc_status.masked": Text(
        zh="用掩码 {mask} 取后为 {equals}", en="is {equals} under mask {mask}"
    ),
    "dtc_status.bits": Text(zh="含全部位 {bits}", en="has all bits of {bits}"),
    "dtc_status.not_listed": Text(zh="未列出", en="not listed"),
    "dtc_status.reason": Text(
        zh="{ecu} {dtc} 状态：{status}；要求{wanted}；先前读出：{before}；最后读出："
        "{after}（{moment}，{span}）。",
        en="{ecu}: status of {dtc}: {status}; wanted: it {wanted}; first read: "
        "{before}; last: {after} ({moment}, {span}).",
    ),
    "dtc_status.not_asked": Text(
        zh="{ecu} {dtc}：请求的状态掩码 {asked} 不含所要求的各位 {needed}，等于没有查询"
        "（最后：{after}，{moment}，{span}）。",
        en="{ecu}: {dtc} was not asked for: the request's mask {asked} lacks some of "
        "the bits {needed} (last: {after}, {moment}, {span}).",
    ),
    "dtc_status.never": Text(
        zh="{ecu} 的故障码没有被读出；{dtc} 的状态要求{wanted}（{span}）。",
        en="{ecu}: trouble codes were never read; wanted: the status of {dtc} {wanted} "
        "({span}).",
    ),
    "dtc_status.foreign": Text(
        zh="{ecu} 的故障码格式标识为 {format}，不是 00 或 04，{dtc} 无法判读"
        "（{moment}）；须由考评员裁定。",
        en="{ecu}: trouble codes have format {format}, not 00 or 04, so that {dtc} "
        "cannot be read ({moment}); an examiner has to decide.",
    ),
    "obd_service.rule": Text(
        zh="{ecu} 对 OBD 请求 {request} 作出肯定响应（{window}）：至少 {wanted} 次",
        en="OBD request {request} answered by {ecu} ({window}): at least {wanted}",
    ),
    "obd_service.rule_items": Text(
        zh="{ecu} 响应 OBD 请求 {request}，每项参数各得一份（{window}）",
        en="OBD request {request} answered by {ecu}, each parameter earns its share "
        "({window})",
    ),
    "obd_service.rule_value": Text(
        zh="{ecu} 最后一次响应 OBD 请求 {request} 的数值：{limits}（{window}）",
        en="{ecu}: the last value of OBD request {request} is {limits} ({window})",
    ),
    "obd_service.between": Text(zh="{min} 至 {max} {unit}", en="{min} to {max} {unit}"),
    "obd_service.at_least": Text(zh="不小于 {min} {unit}", en="at least {min} {unit}"),
    "obd_service.at_most": Text(zh="不大于 {max} {unit}", en="at most {max} {unit}"),
    "obd_service.any": Text(zh="任意值", en="any value"),
    "obd_service.reason": Text(
        zh="OBD 请求 {request}：肯定响应 {count} 次，要求 {wanted} 次；ECU：{ecus}；"
        "最后：{hex}（{span}）。",
        en="OBD request {request}: answers: {count}, {wanted} wanted; ECUs: {ecus}; "
        "last: {hex} ({span}).",
    ),
    "obd_service.reason_items": Text(
        zh="OBD 请求 {request}：{wanted} 项参数中响应 {count} 项，缺少：{missing}；"
        "ECU：{ecus}；最后：{hex}（{span}）。",
        en="OBD request {request}: {count} of {wanted} parameters were answered, "
        "missing: {missing}; ECUs: {ecus}; last: {hex} ({span}).",
    ),
    "obd_service.reason_value": Text(
        zh="OBD 请求 {request} 读出 {value} {unit}，要求{limits}；ECU：{ecus}；最后："
        "{hex}（{span}）。",
        en="OBD request {request} read {value} {unit}, wanted {limits}; ECUs: {ecus}; "
        "last: {hex} ({span}).",
    ),
    "obd_service.unread": Text(
        zh="OBD 请求 {request} 没有得到肯定响应，要求数值为 {limits}（{span}）。",
        en="OBD request {request} was never answered positively, wanted {limits} "
        "({span}).",
    ),
    "obd_service.undecodable": Text(
        zh="OBD 请求 {request} 的响应中没有可读的数值，要求{limits}；ECU：{ecus}；"
        "最后：{hex}（{span}）。",
        en="OBD request {request}: the answer holds no such number, wanted {limits}; "
        "ECUs: {ecus}; last: {hex} ({span}).",
    ),
}
