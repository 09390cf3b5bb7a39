"""What the operator may set."""

import pytest
from pydantic import ValidationError

from fillwire_server.main import main
from fillwire_server.settings import ServerSettings

STORES = {
    "DATABASE_URL": "postgresql://u:secret1@h/d",
    "REDIS_URL": "redis://:secret2@h",
    "FILLWIRE_QUEUE_KEY": "secret3-secret3-secret3",
}


PEPPER = "secret5-secret5-secret5"


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in STORES.items():
        monkeypatch.setenv(name, value)
    for name in ("FILLWIRE_LISTEN", "FILLWIRE_INSECURE", "FILLWIRE_KEY_PEPPER"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("listen", ["127.0.0.1:1", "[::1]:1", "localhost:0", "127.3.2.1:9"])
def test_plaintext_is_served_to_this_machine(monkeypatch: pytest.MonkeyPatch, listen: str) -> None:
    monkeypatch.setenv("FILLWIRE_LISTEN", listen)
    assert ServerSettings().listen == listen


@pytest.mark.parametrize("listen", ["0.0.0.0:50051", "[::]:50051", "10.0.0.1:1", "example.org:1", ":50051"])
def test_plaintext_beyond_this_machine_is_refused_unless_asked_for(
    monkeypatch: pytest.MonkeyPatch, listen: str
) -> None:
    monkeypatch.setenv("FILLWIRE_LISTEN", listen)
    with pytest.raises(ValidationError, match="FILLWIRE_INSECURE"):
        ServerSettings()
    monkeypatch.setenv("FILLWIRE_INSECURE", "1")
    monkeypatch.setenv("FILLWIRE_KEY_PEPPER", PEPPER)
    assert ServerSettings().listen == listen


def test_a_server_that_others_reach_must_be_able_to_check_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FILLWIRE_LISTEN", "10.0.0.1:1")
    monkeypatch.setenv("FILLWIRE_INSECURE", "1")
    with pytest.raises(ValidationError, match="FILLWIRE_KEY_PEPPER"):
        ServerSettings()


def test_with_a_certificate_it_serves_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FILLWIRE_LISTEN", "10.0.0.1:1")
    monkeypatch.setenv("FILLWIRE_KEY_PEPPER", PEPPER)
    monkeypatch.setenv("FILLWIRE_TLS_CERT", "cert.pem")
    monkeypatch.setenv("FILLWIRE_TLS_KEY", "key.pem")
    assert not ServerSettings().here


@pytest.mark.parametrize("only", ["FILLWIRE_TLS_CERT", "FILLWIRE_TLS_KEY", "FILLWIRE_TLS_CLIENT_CA"])
def test_half_of_tls_is_refused(monkeypatch: pytest.MonkeyPatch, only: str) -> None:
    monkeypatch.setenv(only, "file.pem")
    with pytest.raises(ValidationError, match="FILLWIRE_TLS_CERT"):
        ServerSettings()


def test_a_variable_that_is_there_and_empty_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FILLWIRE_TLS_CERT", "FILLWIRE_KEY_PEPPER", "FILLWIRE_ORDERS_PER_MINUTE"):
        monkeypatch.setenv(name, "")
    told = ServerSettings()
    assert (told.tls_cert, told.key_pepper, told.limits.orders_per_minute) == (None, None, 100)


def test_wrong_settings_are_named_and_no_secret_is_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FILLWIRE_DRAIN_SECONDS", "99")
    monkeypatch.setenv("FILLWIRE_QUEUE_KEY", "secret4")
    assert main() == 2
    told = capsys.readouterr().err
    assert "FILLWIRE_DRAIN_SECONDS" in told
    assert "FILLWIRE_QUEUE_KEY" in told
    assert "secret" not in told


@pytest.mark.parametrize("name", ["FILLWIRE_LISTEN", "FILLWIRE_METRICS_LISTEN"])
@pytest.mark.parametrize("address", ["banana", "127.0.0.1", ":", "127.0.0.1:http", "::1:50051"])
def test_an_address_without_a_port_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, address: str) -> None:
    monkeypatch.setenv(name, address)
    with pytest.raises(ValidationError, match="host:port"):
        ServerSettings()


def test_settings_show_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FILLWIRE_KEY_PEPPER", PEPPER)
    assert "secret" not in repr(ServerSettings())


def test_the_server_takes_no_arguments() -> None:
    assert main(["--port", "1"]) == 2
