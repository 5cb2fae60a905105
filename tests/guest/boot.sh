#!/bin/bash
# First process of the guest: real SocketCAN, then the tests named on the command line.
# The host's files are the guest's, read only. REPOSITORY, PYTHON and TESTS come from
# the kernel's command line.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp PYTHONDONTWRITEBYTECODE=1
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t tmpfs tmpfs /run
modules=/usr/lib/uml/modules/$(uname -r)/kernel
for module in net/can/can net/can/can-raw drivers/net/can/dev/can-dev drivers/net/can/vcan; do
  busybox insmod "$modules/$module.ko"
done
ip link set lo up
ip link add vcan0 type vcan
ip link set vcan0 mtu 72 up
cd "$REPOSITORY" || busybox poweroff -f
export TMPDIR=/run PYTHONPATH=$REPOSITORY
timeout 200 "$PYTHON" -m pytest -p no:cacheprovider --noconftest -o addopts= -q -s \
  --basetemp=/run/pytest "$TESTS" 2>&1
echo "rc=$?"
busybox poweroff -f
