"""``examrunner calibrate markers``."""

from typing import Annotated

import typer

from examrunner.cli.calibrate.options import Images, Json
from examrunner.cli.output import clear_errors, print_json


def markers(
    images: Images,
    dictionary: Annotated[
        str, typer.Option(help="For example DICT_4X4_1000 or DICT_APRILTAG_36h11.")
    ],
    as_json: Json = False,
) -> None:
    """Find ArUco or AprilTag markers: ids and corners to a fraction of a pixel."""
    found: list[dict[str, object]] = []
    with clear_errors():
        from examrunner.decode.vision.markers import find_markers
        from examrunner.decode.vision.picture_paths import find_pictures
        from examrunner.decode.vision.pictures import read_bytes, read_gray

        for path in find_pictures(images):
            gray = read_gray(read_bytes(path), str(path))
            ids, corners = find_markers(gray, dictionary)
            found += [
                {"image": path.name, "id": number, "corners": places}
                for number, places in zip(ids.tolist(), corners.tolist(), strict=True)
            ]
    if as_json:
        print_json({"dictionary": dictionary, "markers": found})
        return
    for marker in found:
        typer.echo(f"{marker['image']}  {marker['id']:>5}  {marker['corners']}")
