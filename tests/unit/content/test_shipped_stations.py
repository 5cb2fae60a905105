"""The rigs, stations and databases that come with the program."""

import cantools
import pytest

from examrunner.content.ecus import dtc_code
from examrunner.content.rigs import read_rig
from examrunner.content.search import SearchPath, built_in
from examrunner.content.stations import read_station
from examrunner.model.did_format import parse_did_format
from examrunner.model.e2e import crc_of

PATH = SearchPath.of()
RIGS = [found.name for found in PATH.list("rig")]
STATIONS = [found.name for found in PATH.list("station")]
DATABASES = sorted((built_in() / "dbc").glob("*.dbc"))


def database(name):
    return cantools.database.load_file(built_in() / "dbc" / name, strict=True)


def attribute(message, name, default):
    found = message.dbc.attributes.get(name)
    return found.value if found else default


def test_the_three_rigs_are_there():
    assert set(RIGS) >= {"chassis_bywire", "adas_bench", "body_net"}


@pytest.mark.parametrize("name", RIGS)
def test_every_channel_of_a_rig_has_its_database(name):
    for channel in read_rig(name, PATH).channels:
        assert PATH.find("dbc", channel.database).is_file()


@pytest.mark.parametrize("name", RIGS)
def test_no_identifier_of_a_server_meets_another_or_a_message(name):
    rig = read_rig(name, PATH)
    taken = {
        (channel.name, message.frame_id): message.name
        for channel in rig.channels
        for message in database(channel.database).messages
    }
    for channel in rig.channels:
        assert (channel.name, rig.functional_id) not in taken
        taken[channel.name, rig.functional_id] = "functional"
    for ecu in rig.ecus:
        for identifier in (ecu.request_id, ecu.response_id):
            assert (ecu.channel, identifier) not in taken
            taken[ecu.channel, identifier] = ecu.name
        assert ecu.response_id == ecu.request_id + 8


@pytest.mark.parametrize("name", RIGS)
def test_every_server_sits_on_a_node_of_its_channel(name):
    rig = read_rig(name, PATH)
    nodes = {
        channel.name: {node.name for node in database(channel.database).nodes}
        for channel in rig.channels
    }
    for ecu in rig.ecus:
        assert ecu.name in nodes[ecu.channel]


@pytest.mark.parametrize("name", RIGS)
def test_watched_signals_are_in_the_databases(name):
    rig = read_rig(name, PATH)
    known = {
        f"{message.name}.{signal.name}"
        for channel in rig.channels
        for message in database(channel.database).messages
        for signal in message.signals
    }
    assert set(rig.watch) <= known


@pytest.mark.parametrize("name", RIGS)
def test_every_format_and_trouble_code_of_a_server_reads(name):
    for ecu in read_rig(name, PATH).ecus:
        for _, line in ecu.dids.values():
            parse_did_format(line)
        for number, (code, _) in ecu.dtcs.items():
            assert dtc_code(number) == code
        assert set(ecu.writable) <= set(ecu.dids)
        assert ecu.writable[0xF190] == "programming"


@pytest.mark.parametrize("node", ["ESC", "SAS", "PED"])
def test_two_other_servers_of_the_body_network_notice_a_lost_node(node):
    rig = read_rig("body_net", PATH)
    noticing = [
        ecu.name
        for ecu in rig.ecus
        if ecu.name != node
        for _, text in ecu.dtcs.values()
        if text == f"lost {node}"
    ]
    assert len(noticing) >= 2


@pytest.mark.parametrize("name", STATIONS)
def test_every_station_reaches_all_of_its_rig(name):
    station = read_station(name, PATH)
    assert set(station.can) == {c.name for c in station.rig.channels}
    assert set(station.cameras) == {c.name for c in station.rig.cameras}


def test_every_rig_has_a_real_and_a_simulated_station():
    for rig in RIGS:
        names = [n.split("/")[1] for n in STATIONS if n.startswith(f"{rig}/")]
        assert any(name.startswith("sim-") for name in names)
        assert any(not name.startswith("sim-") for name in names)


def test_station_names_are_unique_across_rigs():
    short = [name.split("/")[1] for name in STATIONS]
    assert len(short) == len(set(short))


def test_all_simulated_stations_name_ports_that_the_rig_prints():
    for name in STATIONS:
        station = read_station(name, PATH)
        if station.name.startswith("sim-"):
            for channel, link in station.can.items():
                assert link.options["channel"] == f"{{can.{channel}}}"
            for camera, link in station.cameras.items():
                assert link.options["address"] == f"{{cameras.{camera}}}"
            assert station.fault_box.options["address"] == "{fault_box}"
            assert station.clock.options["address"] == "{clock}"


@pytest.mark.parametrize("path", DATABASES, ids=lambda p: p.name)
def test_a_database_loads_strictly_and_names_only_its_own_nodes(path):
    loaded = cantools.database.load_file(path, strict=True)
    nodes = {node.name for node in loaded.nodes}
    used = {node for m in loaded.messages for node in m.senders} | {
        node for m in loaded.messages for s in m.signals for node in s.receivers
    }
    assert used <= nodes
    assert nodes - used <= {"TOOL"}


@pytest.mark.parametrize("path", DATABASES, ids=lambda p: p.name)
def test_every_cyclic_message_says_its_cycle_and_when_it_counts_as_lost(path):
    for message in cantools.database.load_file(path, strict=True).messages:
        cycle = attribute(message, "GenMsgCycleTime", 0)
        timeout = attribute(message, "GenMsgTimeout", 0)
        if attribute(message, "GenMsgSendType", 4) == 1:
            assert cycle == timeout == 0
        else:
            assert timeout == cycle * (5 if cycle <= 20 else 3), message.name


@pytest.mark.parametrize("path", DATABASES, ids=lambda p: p.name)
def test_a_protected_message_has_crc_counter_and_an_identifier_of_its_own(path):
    seen = {}
    for message in cantools.database.load_file(path, strict=True).messages:
        if attribute(message, "E2E_Profile", 0) in {0, "none"}:
            continue
        data_id = attribute(message, "E2E_DataID", 0)
        assert seen.setdefault(data_id, message.name) == message.name
        crc, counter = sorted(message.signals, key=lambda s: s.start)[:2]
        assert (crc.start, crc.length) == (0, 8)
        assert (counter.start, counter.length, counter.maximum) == (8, 4, 14)
        assert crc.name.endswith("_Crc")
        assert counter.name.endswith("_Cnt")


def test_the_published_vectors_of_the_protection_hold():
    for data_id, payload in (
        (0x0102, "3e108403fa000000"),
        (0x0102, "63118403fa000000"),
        (0x0502, "3c1e85ff00000000"),
        (0x05A0, "0b232f0000000064"),
    ):
        content = bytes.fromhex(payload)
        assert crc_of(data_id, content) == content[0]


@pytest.mark.parametrize("path", DATABASES, ids=lambda p: p.name)
def test_only_the_fd_network_has_fd_messages(path):
    loaded = cantools.database.load_file(path, strict=True)
    fd = [message for message in loaded.messages if message.is_fd]
    assert bool(fd) == (path.name == "adas_bench.dbc")
    assert all(attribute(message, "CANFD_BRS", 0) in {1, "1"} for message in fd)


def test_both_networks_of_the_body_bench_share_only_what_the_bench_itself_sends():
    first, second = (
        {message.frame_id: message.name for message in database(name).messages}
        for name in ("body_hs1.dbc", "body_ms1.dbc")
    )
    assert {first[i] for i in set(first) & set(second)} == {"RIG_Status"}
