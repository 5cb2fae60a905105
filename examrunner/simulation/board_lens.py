"""The calibrated camera with whatever board is held before it."""

import numpy as np

from examrunner.simulation.board_camera import BoardCamera, BoardPose, Pixels
from examrunner.simulation.history import History
from examrunner.simulation.kernel import Kernel
from examrunner.simulation.randomness import Streams


class BoardLens:
    """One camera and the pose of the board over time.

    Args:
        camera: Renders.
        kernel: The rig's clock.
        streams: Of the rig.
        stand: Where the board stands while nobody holds it.
    """

    def __init__(
        self, camera: BoardCamera, kernel: Kernel, streams: Streams, stand: BoardPose
    ) -> None:
        self._camera = camera
        self._kernel = kernel
        self._streams = streams
        self._stand = stand
        self._pose: History[BoardPose] = History(stand)
        self._last: tuple[int, Pixels] | None = None

    def hold(self, pose: BoardPose | None) -> None:
        """Hold the board there from now on; None puts it back on its stand."""
        self._pose.set(self._kernel.now_ns, self._stand if pose is None else pose)

    def still(self, t_ns: int) -> Pixels:
        """The full picture: the same for everybody who asks at the same time."""
        if self._last is None or self._last[0] != t_ns:
            noise: np.random.Generator = self._streams.at(t_ns, "exposure")
            picture = self._camera.picture(self._pose.at(t_ns), noise)
            self._last = (t_ns, picture)
        return self._last[1]
