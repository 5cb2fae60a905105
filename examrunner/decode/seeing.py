"""What the pictures of one recording show; each is looked at once."""

import math
from typing import Final

import numpy as np

from examrunner.archive.reading import Recording
from examrunner.model.errors import ContentError
from examrunner.model.recording import Picture
from examrunner.model.station import Board, Camera, Rig
from examrunner.model.timeline import BoardView, Sighting

STILL: Final = "still"


class Eyes:
    """Detects boards and markers, and remembers what it found.

    A station looks at each picture while the candidate works, so that the score is
    ready when he stops.

    Args:
        rig: The rig whose cameras took the pictures.
    """

    def __init__(self, rig: Rig) -> None:
        self._cameras = {camera.name: camera for camera in rig.cameras}
        self._views: dict[tuple[str, str], BoardView] = {}
        self._sightings: dict[tuple[str, str], Sighting] = {}

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

    def _view(self, picture: Picture, board: Board) -> BoardView:
        key = (picture.stream, picture.name)
        if key not in self._views:
            self._views[key] = _board_in(picture, board)
        return self._views[key]

    def _sighting(self, picture: Picture, camera: Camera) -> Sighting:
        from examrunner.decode.vision import sighting

        key = (picture.stream, picture.name)
        if key not in self._sightings:
            self._sightings[key] = sighting(
                picture,
                camera.marker_dictionary,
                by_edges=camera.intrinsics is not None,
            )
        return self._sightings[key]


def _board_in(picture: Picture, board: Board) -> BoardView:
    """The board in a still. One that cannot be read was taken and shows no board."""
    from examrunner.decode.vision import board_view

    try:
        return board_view(picture, board)
    except ContentError:
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
