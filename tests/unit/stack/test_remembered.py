"""What a stack decides once stays decided."""

import socket
import stat
from pathlib import Path

import pytest

from fillwire_stack.remembered import is_free, port, secret


def test_a_secret_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    made = secret(tmp_path / "key")
    assert len(made) >= 32
    assert secret(tmp_path / "key") == made
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600
    assert secret(tmp_path / "other") != made


def test_a_secret_survives_a_crash_while_it_was_made(tmp_path: Path) -> None:
    (tmp_path / "key.draft").write_text("half of")
    assert secret(tmp_path / "key") == secret(tmp_path / "key") != "half of"


def test_a_port_is_kept_while_it_is_free_and_replaced_when_it_is_not(tmp_path: Path) -> None:
    kept = port(tmp_path / "port")
    assert port(tmp_path / "port") == kept
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", kept))
        taken.listen()
        assert not is_free(kept)
        moved = port(tmp_path / "port")
        assert moved != kept
    assert port(tmp_path / "port") == moved


def test_no_two_files_are_given_the_same_port(tmp_path: Path) -> None:
    ports = [port(tmp_path / str(number)) for number in range(2_000)]
    assert len(set(ports)) == len(ports)


def test_a_port_is_none_that_an_outgoing_connection_could_be_given(tmp_path: Path) -> None:
    first = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    if first <= 20_000:
        pytest.skip("here an outgoing connection may have any port")
    assert all(20_000 <= port(tmp_path / str(number)) < first for number in range(100))


def test_a_spoiled_port_file_is_written_anew(tmp_path: Path) -> None:
    (tmp_path / "port").write_text("banana")
    assert is_free(port(tmp_path / "port"))
