"""Commands that calibrate cameras and judge calibrations, one file each."""

import typer

from examrunner.cli.calibrate.extrinsics import extrinsics
from examrunner.cli.calibrate.intrinsics import intrinsics
from examrunner.cli.calibrate.judge import judge
from examrunner.cli.calibrate.markers import markers
from examrunner.cli.calibrate.stereo import stereo

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

app.command(
    epilog="Example: examrunner calibrate intrinsics shots/ "
    "--board charuco:11x8:30mm:22mm:DICT_5X5_100 --json"
)(intrinsics)
app.command(
    epilog="Example: examrunner calibrate stereo 'left*.jpg' 'right*.jpg' "
    "--board chessboard:9x6:30mm"
)(stereo)
app.command(
    epilog="Example: examrunner calibrate extrinsics shots/ "
    "--intrinsics K.json --board chessboard:9x6:30mm"
)(extrinsics)
app.command(
    epilog="Example: examrunner calibrate markers hall.png "
    "--dictionary DICT_APRILTAG_36h11 --json"
)(markers)
app.command(
    epilog="Example: examrunner calibrate judge submitted.yml shots/ "
    "--board charuco:11x8:30mm:22mm:DICT_5X5_100"
)(judge)
