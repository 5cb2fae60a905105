"""The ADAS bench: sensors on a frame before calibration targets."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from examrunner.model.station import Rig
from examrunner.simulation.control_unit import Behaviour, Routine
from examrunner.simulation.kernel import NS_PER_S
from examrunner.simulation.layouts import Value
from examrunner.simulation.simulated_rig import SimulatedRig

CHANNEL: Final = "CH1"
INTRINSICS: Final = 0x1001
DATA_SHEET: Final = (900.0, 900.0, 639.5, 359.5, 0.0, 0.0, 0.0, 0.0, 0.0)
"""What a camera stores before anybody calibrated it: fx fy cx cy k1 k2 p1 p2 k3."""
RADAR_MISALIGNMENT_DEG: Final = 2.35
OBJECTS: Final = ((8.0, 0.0, 20.0), (11.4, -2.6, 4.0), (14.9, 3.1, 2.0))
"""Distance ahead, distance to the left, radar cross section: target, then clutter."""
DISTANCES_MM: Final = (
    620, 655, 650, 615, 1480, 1490, 890, 905, 910, 885, 2200, 2190,
)  # fmt: skip
TEMPERATURE_C: Final = 23.0
GYRO_BIAS_DPS: Final = 0.30
LEVER_ARM_MM: Final = (412.0, -185.0, 1036.0)
PLACE: Final = (34.7466, 113.6254, 110.0)
NODE_BITS: Final = ("FRAD", "FCAM", "USSC", "LIDU", "INSU", "SVC")

Times = NDArray[np.int64]
Values = Mapping[str, Value]


class AdasBench:
    """The bench: messages and servers.

    Args:
        rig: As its content describes it.
        databases: Content of the database of each channel.
        seed: Of the rig.
        differing: What a variant says about this rig.
    """

    speed_mps = 0.0

    def __init__(
        self,
        rig: Rig,
        databases: Mapping[str, bytes],
        seed: int,
        differing: Mapping[str, object],
    ) -> None:
        self.base = SimulatedRig(rig, databases, seed)
        for name, signals in self._messages().items():
            self.base.send_cyclic(CHANNEL, name, signals)
        self.base.add_servers(self._behaviours())
        self._store_data()

    def enabled(self) -> bool:
        """Whether an actuator is enabled; the bench has none."""
        return False

    def _messages(self) -> Mapping[str, Callable[[Times], Values]]:
        return {
            "FRAD_Status": self._radar_status,
            "FRAD_Objects": self._radar_objects,
            "FCAM_Status": self._camera_status,
            "USSC_Distance": self._ultrasonic,
            "LIDU_Status": self._lidar_status,
            "LIDU_Plane": self._lidar_plane,
            "INSU_Position": self._position,
            "INSU_Imu": self._imu,
            "INSU_Attitude": self._attitude,
            "INSU_LeverArm": self._lever_arm,
            "SVC_Status": self._surround_view,
            "ADC_Status": self._domain_controller,
            "RIG_Status": partial(self.base.bench.signals, CHANNEL),
            "RIG_Table": lambda _: {"RIG_TblAng": 90.0},
        }

    def _noise(self, name: str, sigma: float, t_ns: Times) -> NDArray[np.float64]:
        return self.base.streams.of("noise", name).normal(0.0, sigma, len(t_ns))

    def _radar_status(self, t_ns: Times) -> Values:
        return {
            "FRAD_AlignState": "NOT_ALIGNED",
            "FRAD_AzMis": RADAR_MISALIGNMENT_DEG + self._noise("AzMis", 0.02, t_ns),
            "FRAD_ElMis": 0.15 + self._noise("ElMis", 0.02, t_ns),
            "FRAD_Temp": 31.0,
            "FRAD_MotionRx": "OK",
        }

    def _radar_objects(self, t_ns: Times) -> Values:
        values: dict[str, Value] = {
            "FRAD_NofObj": float(len(OBJECTS)),
            "FRAD_MeasCnt": (t_ns // 50_000_000) % 256,
        }
        for row, (ahead, left, size) in enumerate(OBJECTS):
            head = f"FRAD_O{row}_"
            azimuth = np.degrees(np.arctan2(left, ahead)) + RADAR_MISALIGNMENT_DEG
            values[f"{head}Id"] = float(row + 1)
            values[f"{head}DistLong"] = ahead + self._noise(f"{head}x", 0.05, t_ns)
            values[f"{head}DistLat"] = left + self._noise(f"{head}y", 0.05, t_ns)
            values[f"{head}Az"] = azimuth + self._noise(f"{head}az", 0.3, t_ns)
            values[f"{head}Rcs"] = size + self._noise(f"{head}rcs", 1.0, t_ns)
            values[f"{head}Prob"] = 98.0
            values[f"{head}DynProp"] = "STATIONARY"
            values[f"{head}Len"] = 0.3
        return values

    def _camera_status(self, t_ns: Times) -> Values:
        return {
            "FCAM_CalState": "NOT_CALIBRATED",
            "FCAM_Yaw": 0.8 + self._noise("yaw", 0.02, t_ns),
            "FCAM_Pitch": -0.4 + self._noise("pitch", 0.02, t_ns),
        }

    def _ultrasonic(self, t_ns: Times) -> Values:
        values: dict[str, Value] = {"USSC_AirTemp": TEMPERATURE_C}
        for number, distance in enumerate(DISTANCES_MM, 1):
            noise = self._noise(f"USSC{number}", 3.0, t_ns)
            values[f"USSC_D{number:02d}"] = distance + noise
            values[f"USSC_S{number:02d}"] = "OK"
        return values

    def _lidar_status(self, t_ns: Times) -> Values:
        return {
            "LIDU_Sync": "PTP",
            "LIDU_CalValid": 1.0,
            "LIDU_Rpm": 600.0 + self._noise("rpm", 0.8, t_ns),
            "LIDU_Points": 300_000.0 + self._noise("points", 400.0, t_ns),
            "LIDU_Temp": 38.0,
        }

    def _lidar_plane(self, t_ns: Times) -> Values:
        tilt = self._noise("normal y", 0.0035, t_ns)
        return {
            "LIDU_BoardId": 1.0,
            "LIDU_Inl": 600.0 + self._noise("inliers", 90.0, t_ns),
            "LIDU_Rms": 4.2 + self._noise("plane", 0.2, t_ns),
            "LIDU_Nx": -np.sqrt(1.0 - tilt**2),
            "LIDU_Ny": tilt,
            "LIDU_Cx": 2_400.0 + self._noise("cx", 6.0, t_ns),
            "LIDU_Cy": 110.0 + self._noise("cy", 6.0, t_ns),
            "LIDU_Cz": 320.0 + self._noise("cz", 6.0, t_ns),
        }

    def _position(self, t_ns: Times) -> Values:
        east, north = (self._noise(axis, 0.008, t_ns) for axis in ("east", "north"))
        return {
            "INSU_Lat": PLACE[0] + north / 111_320.0,
            "INSU_Lon": PLACE[1] + east / 91_400.0,
            "INSU_Alt": PLACE[2] + self._noise("up", 0.015, t_ns),
            "INSU_Fix": "RTK_FIXED",
            "INSU_Sats": 21.0,
            "INSU_StdN": 0.008,
            "INSU_StdE": 0.008,
            "INSU_EastLoc": 0.412 + east,
            "INSU_NorthLoc": -0.185 + north,
        }

    def _imu(self, t_ns: Times) -> Values:
        return {
            "INSU_Gx": self._noise("gx", 0.03, t_ns),
            "INSU_Gy": self._noise("gy", 0.03, t_ns),
            "INSU_Gz": GYRO_BIAS_DPS + self._noise("gz", 0.03, t_ns),
            "INSU_Ax": self._noise("ax", 0.006, t_ns),
            "INSU_Ay": self._noise("ay", 0.006, t_ns),
            "INSU_Az": 9.797 + self._noise("az", 0.006, t_ns),
            "INSU_ImuTemp": 34.5,
        }

    def _attitude(self, t_ns: Times) -> Values:
        return {
            "INSU_Roll": 0.12 + self._noise("roll", 0.01, t_ns),
            "INSU_Pitch": -0.31 + self._noise("tilt", 0.01, t_ns),
            "INSU_Heading": 87.4 + self._noise("heading", 0.03, t_ns),
            "INSU_AlignState": "READY",
        }

    def _lever_arm(self, _t_ns: Times) -> Values:
        names = ("INSU_LaX", "INSU_LaY", "INSU_LaZ")
        return dict(zip(names, LEVER_ARM_MM, strict=True))

    def _surround_view(self, t_ns: Times) -> Values:
        seams = ("FL", "FR", "BL", "BR")
        return {
            **{f"SVC_Cal{side}": 2.0 for side in "FBLR"},
            **{
                f"SVC_Seam{s}": 6.0 + np.abs(self._noise(f"seam {s}", 1.0, t_ns))
                for s in seams
            },
        }

    def _domain_controller(self, t_ns: Times) -> Values:
        mask = np.zeros(len(t_ns), np.int64)
        for bit, name in enumerate(NODE_BITS):
            here = self.base.electrics.nodes[name].presence(t_ns)
            mask |= here.astype(np.int64) << bit
        memory = self.base.units["ADC"].memory
        return {
            "ADC_Mode": np.where(mask == (1 << len(NODE_BITS)) - 1, 1.0, 2.0),
            "ADC_NodeMask": mask,
            "ADC_DtcCount": float(len(memory.matching(0x08))),
        }

    def _behaviours(self) -> Mapping[str, Behaviour]:
        measure = Routine(lasting_ns=2 * NS_PER_S)
        return {"FRAD": Behaviour(routines={0x0302: measure})}

    def _store_data(self) -> None:
        camera = self.base.units.get("FCAM")
        if camera is not None and INTRINSICS in camera.formats:
            content = camera.formats[INTRINSICS].encode(DATA_SHEET)
            camera.stored[INTRINSICS] = content
