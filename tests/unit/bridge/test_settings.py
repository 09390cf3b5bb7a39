"""What the operator may set."""

import pytest
from pydantic import ValidationError

from fillwire_bridge.settings import BridgeSettings


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LISTEN", "ORIGINS", "INSECURE", "TLS_CERT", "TLS_KEY", "DRAIN_SECONDS", "METRICS_LISTEN"):
        monkeypatch.delenv(f"FILLWIRE_BRIDGE_{name}", raising=False)


def test_it_serves_this_machine_where_nothing_is_set() -> None:
    settings = BridgeSettings()
    assert (settings.host, settings.port, settings.here, settings.origins) == ("127.0.0.1", 8080, True, frozenset())


@pytest.mark.parametrize(
    ("listen", "host"), [("127.0.0.1:1", "127.0.0.1"), ("[::1]:1", "::1"), ("localhost:1", "localhost")]
)
def test_plaintext_is_served_to_this_machine(monkeypatch: pytest.MonkeyPatch, listen: str, host: str) -> None:
    monkeypatch.setenv("FILLWIRE_BRIDGE_LISTEN", listen)
    assert (BridgeSettings().host, BridgeSettings().port) == (host, 1)


@pytest.mark.parametrize("listen", ["0.0.0.0:8080", "[::]:8080", "10.0.0.1:1", "example.org:1", ":8080"])
def test_plaintext_beyond_this_machine_is_refused_unless_asked_for(
    monkeypatch: pytest.MonkeyPatch, listen: str
) -> None:
    monkeypatch.setenv("FILLWIRE_BRIDGE_LISTEN", listen)
    with pytest.raises(ValidationError, match="FILLWIRE_BRIDGE_INSECURE"):
        BridgeSettings()
    monkeypatch.setenv("FILLWIRE_BRIDGE_INSECURE", "1")
    assert not BridgeSettings().here


def test_with_tls_it_may_be_reached_from_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FILLWIRE_BRIDGE_LISTEN", "0.0.0.0:443")
    monkeypatch.setenv("FILLWIRE_BRIDGE_TLS_CERT", "cert.pem")
    with pytest.raises(ValidationError, match="go together"):
        BridgeSettings()
    monkeypatch.setenv("FILLWIRE_BRIDGE_TLS_KEY", "key.pem")
    assert not BridgeSettings().here


@pytest.mark.parametrize("listen", ["8080", "127.0.0.1", "127.0.0.1:http", "127.0.0.1:-1", "::1"])
def test_an_address_without_a_port_is_refused(monkeypatch: pytest.MonkeyPatch, listen: str) -> None:
    monkeypatch.setenv("FILLWIRE_BRIDGE_LISTEN", listen)
    monkeypatch.setenv("FILLWIRE_BRIDGE_INSECURE", "1")
    with pytest.raises(ValidationError, match="host:port"):
        BridgeSettings()


def test_origins_are_a_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FILLWIRE_BRIDGE_ORIGINS", " https://app.example,http://127.0.0.1:5173 ,, http://[::1]:1")
    assert BridgeSettings().origins == {"https://app.example", "http://127.0.0.1:5173", "http://[::1]:1"}


@pytest.mark.parametrize(
    "origin",
    [
        "*",
        "null",
        "app.example",
        "https://*.example",
        "https://app.example/",
        "https://app.example/path",
        "https://App.example",
        "https://app.example:443",
        "http://app.example:80",
        "https://user@app.example",
        "ws://app.example",
    ],
)
def test_what_no_browser_would_send_as_an_origin_is_refused(monkeypatch: pytest.MonkeyPatch, origin: str) -> None:
    monkeypatch.setenv("FILLWIRE_BRIDGE_ORIGINS", f"https://app.example, {origin}")
    with pytest.raises(ValidationError, match="is no origin"):
        BridgeSettings()


def test_a_variable_that_is_there_and_empty_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FILLWIRE_BRIDGE_LISTEN", "")
    monkeypatch.setenv("FILLWIRE_BRIDGE_TLS_CERT", "")
    assert BridgeSettings().listen == "127.0.0.1:8080"
