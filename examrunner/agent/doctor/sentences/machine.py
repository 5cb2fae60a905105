"""Sentences about this PC, what it keeps, and the service."""

from collections.abc import Mapping
from typing import Final

from examrunner.model.text import Text

SENTENCES: Final[Mapping[str, Text]] = {
    "folder.private": Text(
        zh="文件夹可写；密钥文件仅本用户可读。",
        en="the folder can be written; secrets are private.",
    ),
    "folder.read_only": Text(
        zh="工位的文件夹不可写。",
        en="the station's folder cannot be written.",
    ),
    "folder.give_access": Text(
        zh="请给运行工位的用户授予写权限。",
        en="Give the user who runs the station write access to it.",
    ),
    "folder.readable": Text(
        zh="本机的其他用户可以读取 {names}。",
        en="other users of this PC can read {names}.",
    ),
    "folder.chmod": Text(
        zh="请对其运行 `chmod 600`：{names}。",
        en="Run `chmod 600` on {names}.",
    ),
    "disk.room": Text(
        zh="可容纳 {exams} 场考试。",
        en="room for {exams} exams.",
    ),
    "disk.too_small": Text(
        zh="可容纳 {exams} 场考试，计划 {planned} 场，至少需要 {least} 场的空间。",
        en="room for {exams} exams, {planned} are planned; {least} are needed.",
    ),
    "disk.free": Text(
        zh="请腾出 {missing:.1f} GiB；已送达的录制可以删除。",
        en="Free {missing:.1f} GiB; delivered recordings may go.",
    ),
    "disk.free_before": Text(
        zh="请在下个考试日之前清理磁盘。",
        en="Free the disk before the next exam day.",
    ),
    "reserve.kept": Text(
        zh="已为磁盘写满的情况预留 {mebibytes} MiB。",
        en="{mebibytes} MiB are kept for a full disk.",
    ),
    "reserve.will_be": Text(
        zh="工位启动时预留；空间足够。",
        en="is taken when the station starts; there is room for it.",
    ),
    "reserve.no_room": Text(
        zh="没有可预留的空间。",
        en="there is no room for it.",
    ),
    "reserve.free": Text(
        zh="请清理磁盘：没有预留空间，磁盘写满时考试会丢失。",
        en="Free the disk: without a reserve an exam is lost when the disk is full.",
    ),
    "journal.sound": Text(
        zh="完好；已送达 {delivered} 场，等待 {waiting} 场。",
        en="sound; {delivered} delivered, {waiting} waiting.",
    ),
    "journal.damaged": Text(
        zh="发件库已损坏：{damage}。",
        en="the outbox is damaged: {damage}.",
    ),
    "journal.move": Text(
        zh="请移走 outbox.db 后启动工位：它会重新送达全部考试。",
        en="Move outbox.db away and start the station: it delivers all anew.",
    ),
    "journal.refused": Text(
        zh="已送达 {delivered} 场，等待 {waiting} 场，被服务拒收 {aside} 场。",
        en="{delivered} delivered, {waiting} waiting, {aside} refused by the service.",
    ),
    "journal.read_status": Text(
        zh="请查看 `examrunner station status`，并告知管理员。",
        en="Read `examrunner station status`, and tell the administrator.",
    ),
    "attempts.interrupted": Text(
        zh="{interrupted} 场考试中断，工位启动后继续。",
        en="{interrupted} were interrupted and go on when the station starts.",
    ),
    "attempts.start": Text(
        zh="请启动工位，由考官结束这些考试。",
        en="Start the station, and let its examiner end them.",
    ),
    "version.this": Text(
        zh="examrunner {software}。",
        en="examrunner {software}.",
    ),
    "lock.locked": Text(
        zh="自 {at} 起锁定：{reason}",
        en="locked since {at}: {reason}",
    ),
    "lock.release": Text(
        zh="请检查设备，然后在其屏幕上或用 `examrunner station release` 解除锁定。",
        en="Look at the rig, then release it at its screen or with "
        "`examrunner station release`.",
    ),
    "key.words": Text(
        zh="核对词为 {words}。",
        en="its words are {words}.",
    ),
    "key.none": Text(
        zh="没有密钥。",
        en="there is none.",
    ),
    "key.enrol": Text(
        zh="请注册本工位；密钥在注册时生成，不会离开本机。",
        en="Enrol this station; its key is made then and never leaves this PC.",
    ),
    "enrolment.as": Text(
        zh="注册为 {station}，第 {number} 次注册。",
        en="as {station}, enrolment {number}.",
    ),
    "service.answers": Text(
        zh="{address} 有应答，并认识本工位。",
        en="{address} answers and knows this station.",
    ),
    "service.away": Text(
        zh="{address} 无法连接；有考试包时考试不需要它。",
        en="{address} is not reached; an exam with a pack needs none.",
    ),
    "service.cable": Text(
        zh="请插上网线以送达考试，或在没有考试包时领取任务。",
        en="Plug the network cable in to deliver, or to take work without a pack.",
    ),
    "service.enrol_again": Text(
        zh="请索取注册码并重新注册本工位。",
        en="Ask for a code and enrol this station again.",
    ),
    "clock.agrees": Text(
        zh="与服务一致。",
        en="agrees with the service.",
    ),
    "clock.ahead": Text(
        zh="比服务快 {off_s:.0f} 秒。",
        en="{off_s:.0f} s ahead of the service.",
    ),
    "clock.behind": Text(
        zh="比服务慢 {off_s:.0f} 秒。",
        en="{off_s:.0f} s behind the service.",
    ),
    "clock.set": Text(
        zh="请校准本机时钟，并打开自动对时。",
        en="Set this PC's clock; switch its time synchronisation on.",
    ),
    "clock.unknown": Text(
        zh="未测量：无法连接服务。",
        en="not measured: the service is not reached.",
    ),
    "clock.compare": Text(
        zh="请把本机时钟与另一台对照。",
        en="Compare this PC's clock with another one.",
    ),
    "pack.good": Text(
        zh="{title}：还有 {planned} 场，有效期 {begins} 至 {until}。",
        en="{title}: {planned} attempts to come, good from {begins} until {until}.",
    ),
    "pack.none": Text(
        zh="没有考试包；考试全程需要服务。",
        en="there is none; exams need the service all the time.",
    ),
    "pack.fetch": Text(
        zh="请在考试日之前运行 `examrunner station pack`。",
        en="Run `examrunner station pack` before the exam day.",
    ),
    "pack.over": Text(
        zh="有效期至 {until}，已过期。",
        en="good until {until}: it is over.",
    ),
    "pack.fetch_today": Text(
        zh="请获取今天的考试包。",
        en="Fetch the pack of today.",
    ),
    "pack.newer": Text(
        zh="有效期至 {until}，但服务上有更新的考试包。",
        en="good until {until}, but the service has a newer one.",
    ),
    "pack.fetch_again": Text(
        zh="请再次运行 `examrunner station pack`。",
        en="Run `examrunner station pack` again.",
    ),
}
