import pytest
from starlette.websockets import WebSocketDisconnect

STATE = {"phase": "running", "signals": {"RPT_Steer.RPT_StrAngAct": 12.5}}


def report(hall, station: str, **state):
    return hall.client.put(
        f"/api/v1/stations/{station}/state",
        json={**STATE, **state},
        headers=hall.headers(station),
    )


def test_a_page_sees_a_stations_state_as_it_changes(hall):
    report(hall, "hall-a-01")
    headers = hall.headers("examiner")

    with hall.client.websocket_connect("/api/v1/live", headers=headers) as socket:
        first = socket.receive_json()["stations"]
        report(hall, "hall-a-02", phase="ready")
        second = socket.receive_json()["stations"]

    assert first["hall-a-01"]["state"]["signals"] == STATE["signals"]
    assert {name: one["state"]["phase"] for name, one in second.items()} == {
        "hall-a-02": "ready"
    }


def test_a_page_hears_which_attempts_changed(hall):
    first, *_ = hall.exam()
    headers = hall.headers("chief")

    with hall.client.websocket_connect("/api/v1/live", headers=headers) as socket:
        hall.lease("hall-a-01")
        assert socket.receive_json()["attempts"] == [str(first)]


@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": "Bearer x"}, {"Origin": "https://elsewhere"}]
)
def test_strangers_and_other_sites_hear_nothing(hall, headers):
    if "Origin" in headers:
        headers = {**headers, **hall.headers("examiner")}
    with (
        pytest.raises(WebSocketDisconnect),
        hall.client.websocket_connect("/api/v1/live", headers=headers),
    ):
        pass


def test_the_list_of_stations_shows_the_last_state(hall):
    report(hall, "hall-a-01", phase="paused", paused="rig")

    listed = hall.client.get("/api/v1/stations", headers=hall.headers("examiner"))

    first, second = listed.json()["items"]
    assert (first["name"], first["state"]["paused"]) == ("hall-a-01", "rig")
    assert second["state"] is None


def test_a_station_speaks_only_for_itself(hall):
    answer = hall.client.put(
        "/api/v1/stations/hall-a-02/state",
        json=STATE,
        headers=hall.headers("hall-a-01"),
    )

    assert answer.status_code == 404
