"""What a recording or a case does not hold, as part of a sentence."""

from typing import Final

from examrunner.model.text import Text

SENTENCES: Final = {
    "missing.signal": Text(zh="信号 {name}", en="signal {name}"),
    "missing.message": Text(zh="报文 {name}", en="message {name}"),
    "missing.error_frames": Text(
        zh="通道 {name} 的错误帧信息", en="error frames of channel {name}"
    ),
    "missing.data_id": Text(zh="报文 {name} 的 Data ID", en="data id of {name}"),
    "missing.pictures": Text(zh="摄像头 {name} 的图像", en="pictures of camera {name}"),
    "missing.pictures_of_body": Text(
        zh="能看到 {name} 的图像", en="pictures of {name}"
    ),
    "missing.frames": Text(zh="通道 {name} 的报文", en="frames of channel {name}"),
    "missing.floor_points": Text(
        zh="位于基准相机画面内的地面点",
        en="floor point in the picture of the reference camera",
    ),
    "missing.checksum": Text(
        zh="报文 {name} 的校验值", en="checksum of message {name}"
    ),
    "missing.counter": Text(zh="报文 {name} 的计数器", en="counter of message {name}"),
    "missing.choice": Text(
        zh="信号 {name} 的取值 {text}", en="value {text} of signal {name}"
    ),
    "missing.position": Text(zh="{name} 的位置", en="position of {name}"),
    "missing.challenge": Text(zh="本次考试的口令", en="challenge of the attempt"),
    "missing.challenge_shown": Text(
        zh="显示口令的信号或显示屏", en="signal or display with the challenge"
    ),
    "missing.layout": Text(zh="报文 {name} 的结构", en="layout of message {name}"),
    "missing.hold_time": Text(zh="信号 {name} 的保持时间", en="hold time of {name}"),
    "missing.number": Text(zh="数值 {name}", en="number {name}"),
    "missing.criterion": Text(
        zh="评分项 {name} 的测量值", en="value of criterion {name}"
    ),
    "missing.value_then": Text(
        zh="该时刻 {name} 的值", en="value of {name} at that time"
    ),
    "missing.value_in_window": Text(
        zh="该窗口内 {name} 的值", en="value of {name} in that window"
    ),
    "missing.timeout": Text(
        zh="报文 {name} 的超时时间", en="timeout of message {name}"
    ),
    "missing.trouble_code": Text(zh="故障码 {name}", en="trouble code {name}"),
    "missing.noisy_pictures": Text(zh="带噪声的图像", en="pictures with noise"),
    "missing.noise": Text(zh="台架的噪声特征", en="noise of the rig"),
    "missing.reference": Text(zh="基准值 {name}", en="reference {name}"),
    "missing.usable_reference": Text(
        zh="可用的基准值 {name}", en="usable reference {name}"
    ),
    "missing.held_out": Text(
        zh="可用的检验样本：{name}", en="usable hold-out samples: {name}"
    ),
    "missing.pose_number": Text(zh="位姿参数 {name}", en="number {name} of the pose"),
    "missing.calibration_number": Text(
        zh="标定参数 {name}", en="number {name} of the calibration"
    ),
    "missing.cycle_time": Text(
        zh="报文 {name} 的周期", en="cycle time of message {name}"
    ),
    "missing.variant_value": Text(
        zh="试题变体的参数 {name}", en="variant value {name}"
    ),
}
