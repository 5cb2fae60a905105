"""Sentences about everything that is plugged in: CAN, cameras, fault box."""

from collections.abc import Mapping
from typing import Final

from examrunner.model.text import Text

SENTENCES: Final[Mapping[str, Text]] = {
    "bit_rate.right": Text(
        zh="{wanted} bit/s，已回读。",
        en="{wanted} bit/s, read back.",
    ),
    "bit_rate.proved": Text(
        zh="无法回读；报文能收到，说明正确。",
        en="cannot be read back; frames arrive, so it is right.",
    ),
    "bit_rate.unknown": Text(
        zh="无法回读。",
        en="cannot be read back.",
    ),
    "bit_rate.see": Text(
        zh="请确认适配器设为 {wanted} bit/s。",
        en="See that the adapter is set to {wanted} bit/s.",
    ),
    "bit_rate.wrong": Text(
        zh="适配器为 {found} bit/s，设备为 {wanted} bit/s。",
        en="the adapter runs at {found} bit/s, the rig at {wanted}.",
    ),
    "bit_rate.set": Text(
        zh="请把适配器设为 {wanted} bit/s。",
        en="Set the adapter to {wanted} bit/s.",
    ),
    "bit_rate.set_then_wiring": Text(
        zh="请把适配器设为 {wanted} bit/s，再检查线路。",
        en="Set the adapter to {wanted} bit/s; then check the wiring.",
    ),
    "silence.proved": Text(
        zh="已证实（{proof}）。",
        en="proved: {proof}.",
    ),
    "silence.unproved": Text(
        zh="未能证实（{proof}）。",
        en="not proved: {proof}.",
    ),
    "silence.adapter": Text(
        zh="请使用能回读只听模式的适配器。",
        en="Use an adapter whose listen-only mode can be read back.",
    ),
    "bus.frames": Text(
        zh="收到报文：{span:.1f} 秒内 {frames} 帧。",
        en="frames arrive: {frames} in {span:.1f} s.",
    ),
    "bus.frames_only": Text(
        zh="收到报文：{span:.1f} 秒内 {frames} 帧（不报告总线错误）。",
        en="frames arrive: {frames} in {span:.1f} s (bus errors are not reported).",
    ),
    "bus.frames_and_errors": Text(
        zh="收到报文：{span:.1f} 秒内 {frames} 帧，另有 {errors} 个总线错误。",
        en="frames arrive: {frames} in {span:.1f} s, and {errors} bus errors.",
    ),
    "bus.terminators": Text(
        zh="请检查终端电阻、插头和各节点的波特率。",
        en="Check terminators, plugs and the bit rate of each node.",
    ),
    "bus.only_errors": Text(
        zh="只有总线错误（{errors} 个）。",
        en="only bus errors arrive ({errors}).",
    ),
    "bus.silent": Text(
        zh="总线无任何报文。",
        en="the bus is silent.",
    ),
    "bus.switch_on": Text(
        zh="请打开设备电源；检查波特率和线路。",
        en="Switch the rig on; check the bit rate and the wiring.",
    ),
    "messages.all": Text(
        zh="全部 {expected} 个报文均按周期到达。",
        en="all {expected} come at their cycle.",
    ),
    "messages.missing": Text(
        zh="{expected} 个报文中缺 {missing} 个：{names}。",
        en="{missing} of {expected} do not come: {names}.",
    ),
    "messages.supply": Text(
        zh="请检查发送这些报文的节点的电源和插头。",
        en="Check supply and plug of the nodes that send them.",
    ),
    "messages.off_cycle": Text(
        zh="周期不符（实测 / 应为）：{names}。",
        en="off their cycle (measured / due): {names}.",
    ),
    "messages.restart": Text(
        zh="请清除故障箱的故障；仍不行则重启发送这些报文的节点。",
        en="Clear the fault box; else restart the nodes that send them.",
    ),
    "camera.size": Text(
        zh="{sides} 像素，{media_type}。",
        en="{sides} pixels, {media_type}.",
    ),
    "camera.wrong_size": Text(
        zh="图像为 {sides} 像素，应为 {wanted}。",
        en="its pictures have {sides} pixels, not {wanted}.",
    ),
    "camera.set_size": Text(
        zh="请在工位配置或摄像头中设置尺寸。",
        en="Set the size in the station profile, or in the camera itself.",
    ),
    "camera.rate": Text(
        zh="每秒 {found:.1f} 张新图像。",
        en="{found:.1f} new pictures a second.",
    ),
    "camera.slow": Text(
        zh="每秒 {found:.1f} 张新图像，应为 {wanted:g} 张。",
        en="{found:.1f} new pictures a second, not {wanted:g}.",
    ),
    "camera.light": Text(
        zh="请增加光照或单独使用一个接口；关闭占用摄像头的其他程序。",
        en="Give it more light or a plug of its own; close what else uses it.",
    ),
    "camera.corners": Text(
        zh="看到 {wanted} 个角点中的 {found} 个。",
        en="{found} of {wanted} corners are seen.",
    ),
    "camera.hold_board": Text(
        zh="请把标定板平放在摄像头前，照亮后再检查。",
        en="Hold the board flat before the camera, light it, and look again.",
    ),
    "box.person": Text(
        zh="故障由人工设置。",
        en="a person sets the faults by hand.",
    ),
    "box.key": Text(
        zh="故障箱不接受本工位的密钥。",
        en="it does not accept this station's key.",
    ),
    "box.same_key": Text(
        zh="请给工位配置和故障箱设置相同的密钥。",
        en="Give the station profile and the box the same key.",
    ),
    "box.arms": Text(
        zh="能启用和停用，没有残留故障。",
        en="arms and disarms, and no fault is set.",
    ),
    "box.takes_arming": Text(
        zh="接受启用指令但不报告状态，没有残留故障。",
        en="takes arming; says nothing of it, and no fault is set.",
    ),
    "box.does_not_arm": Text(
        zh="不按指令启用和停用。",
        en="it does not arm and disarm as it is told.",
    ),
    "box.remote": Text(
        zh="请把钥匙开关转到“远程”，松开急停。",
        en="Turn its key switch to remote and release the emergency stop.",
    ),
    "box.faults_left": Text(
        zh="清除之后仍有 {active} 个故障。",
        en="{active} faults are still set after clearing.",
    ),
    "box.off_and_on": Text(
        zh="请关闭故障箱再打开；故障仍在则不得让考生靠近。",
        en="Switch the box off and on; if they stay, keep candidates away.",
    ),
    "relays.right": Text(
        zh="每个继电器都已吸合、回读并释放。",
        en="every relay was set, read back and cleared.",
    ),
    "relays.interlock": Text(
        zh="拒绝执行：设备在运动或急停被按下。",
        en="it refuses: the rig moves or the emergency stop is pressed.",
    ),
    "relays.stand": Text(
        zh="请让设备停稳并松开急停。",
        en="Bring the rig to a stand and release the emergency stop.",
    ),
    "relays.readback": Text(
        zh="有继电器的回读与设置不符。",
        en="a relay does not read back as it was set.",
    ),
    "relays.replace": Text(
        zh="请技术人员更换该继电器；在此之前不要安排故障题。",
        en="Let a technician replace the relay; offer no faults until then.",
    ),
    "relays.other": Text(
        zh="自检结果为“{result}”。",
        en="the self-test says '{result}'.",
    ),
    "relays.supply": Text(
        zh="请检查故障箱的电源和版本。",
        en="Check its supply and its version.",
    ),
}
