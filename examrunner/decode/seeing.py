"""What the pictures of one recording show; each is looked at once."""

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from examrunner.archive.reading import Recording
from examrunner.model.errors import ContentError
from examrunner.model.recording import Picture
from examrunner.model.station import Board, Camera, Rig
from examrunner.model.timeline import BoardView, Sighting
from examrunner.model.traces import PictureTrace

if TYPE_CHECKING:
    from examrunner.decode.vision.pictures import Gray

STILL: Final = "still"

Key = tuple[str, str]


class Eyes:
    """Detects boards and markers, and remembers what it found.

    A station looks at each picture while the candidate works, so that the score is
    ready when he stops. A picture is decoded once for everything that is asked of it
    in a row.

    Args:
        rig: The rig whose cameras took the pictures.
    """

    def __init__(self, rig: Rig) -> None:
        self._cameras = {camera.name: camera for camera in rig.cameras}
        self._views: dict[Key, BoardView] = {}
        self._sightings: dict[Key, Sighting] = {}
        self._traces: dict[Key, PictureTrace | None] = {}
        self._before: dict[Key, Gray] = {}
        self._decoded: tuple[Key, Gray] | None = None

    def look(self, picture: Picture) -> None:
        """Looks at a picture in advance.

        Raises:
            ContentError: If a picture of people cannot be read.
        """
        camera = self._cameras.get(picture.stream)
        if camera is not None and camera.board is not None:
            self._view(picture, camera.board)
        if camera is not None and camera.marker_dictionary:
            self._sighting(picture, camera)
        self._trace(picture)

    def views(self, recording: Recording) -> list[BoardView]:
        """The boards in all stills, in order of time."""
        found = [
            self._view(picture, camera.board)
            for camera in self._cameras.values()
            if camera.board is not None and camera.name in recording.cameras
            for picture in recording.pictures(camera.name)
            if picture.purpose == STILL
        ]
        return sorted(found, key=lambda view: view.t_ns)

    def sightings(self, recording: Recording) -> list[Sighting]:
        """The markers in all pictures of people, in order of time.

        Raises:
            ContentError: If a picture cannot be read.
        """
        found = [
            self._sighting(picture, camera)
            for camera in self._cameras.values()
            if camera.marker_dictionary and camera.name in recording.cameras
            for picture in recording.pictures(camera.name)
        ]
        return sorted(found, key=lambda each: each.t_ns)

    def traces(self, recording: Recording) -> list[PictureTrace]:
        """What is remembered of each picture that can be read, by camera and time."""
        found = [
            self._trace(picture)
            for camera in recording.cameras
            for picture in recording.pictures(camera)
        ]
        return [trace for trace in found if trace is not None]

    def _view(self, picture: Picture, board: Board) -> BoardView:
        from examrunner.decode.vision.views import board_in

        key = (picture.stream, picture.name)
        if key not in self._views:
            try:
                self._views[key] = board_in(self._gray(picture), picture, board)
            except ContentError:
                self._views[key] = _no_view(picture)
        return self._views[key]

    def _sighting(self, picture: Picture, camera: Camera) -> Sighting:
        from examrunner.decode.vision.markers import markers_in

        key = (picture.stream, picture.name)
        if key not in self._sightings:
            self._sightings[key] = markers_in(
                self._gray(picture),
                picture,
                camera.marker_dictionary,
                by_edges=camera.intrinsics is not None,
            )
        return self._sightings[key]

    def _trace(self, picture: Picture) -> PictureTrace | None:
        key = (picture.stream, picture.name)
        if key not in self._traces:
            try:
                self._gray(picture)
            except ContentError:
                self._traces[key] = None
        return self._traces[key]

    def _gray(self, picture: Picture) -> "Gray":
        """The decoded picture, which is also remembered.

        Raises:
            ContentError: If it cannot be read.
        """
        from examrunner.decode.vision.pictures import read_gray
        from examrunner.decode.vision.traces import picture_trace

        key = (picture.stream, picture.name)
        if self._decoded is None or self._decoded[0] != key:
            gray = read_gray(picture.data, f"{picture.stream}/{picture.name}")
            self._decoded = (key, gray)
        gray = self._decoded[1]
        if key not in self._traces:
            row = (picture.stream, picture.purpose)
            self._traces[key] = picture_trace(gray, picture, self._before.get(row))
            self._before[row] = gray
        return gray


def _no_view(picture: Picture) -> BoardView:
    """A still that cannot be read was taken and shows no board."""
    return BoardView(
        camera=picture.stream,
        picture=picture.name,
        t_ns=picture.t_ns,
        size_px=(0, 0),
        ids=np.empty(0, np.int32),
        corners_px=np.empty((0, 2)),
        points_mm=np.empty((0, 3)),
        sharpness=math.nan,
        saturated=math.nan,
    )
