"""Where webhooks may point, how deliveries are signed, and how long they wait for another try."""

import time
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from fillwire_server.courier import signing
from fillwire_server.courier.addresses import BadAddress, Unreachable, checked, resolved
from fillwire_server.courier.courier import pause


def test_a_delivery_is_verified_by_the_library_of_the_specification() -> None:
    secret, body = signing.new_secret(), b'{"seq":"1"}'
    signed = signing.headers("o1:1", body, secret=secret, timestamp=_now())
    assert Webhook(signing.shown(secret)).verify(body, signed) == {"seq": "1"}
    for spoiled in (body + b" ", b'{"seq":"2"}'):
        with pytest.raises(WebhookVerificationError):
            Webhook(signing.shown(secret)).verify(spoiled, signed)
    with pytest.raises(WebhookVerificationError):
        Webhook(signing.shown(signing.new_secret())).verify(body, signed)


@pytest.mark.parametrize("url", ["https://example.com", "https://example.com:8443/a?b=c", "https://8.8.8.8/x"])
def test_a_webhook_may_point_to_the_world(url: str) -> None:
    assert checked(url, allow_private=False).scheme == "https"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "x",
        "ftp://example.com",
        "http://example.com",
        "https://",
        "https:///path",
        "https://user:secret@example.com",
        "https://user@example.com",
        "https://example.com/#part",
        "https://example.com:0",
        "https://example.com:99999",
        "https://exa mple.com",
        "https://example.com/\n",
        "https://ex\u00e4mple.com",
        "https://example.com/" + "x" * 2048,
        "https://localhost",
        "https://a.localhost/x",
        "https://127.0.0.1",
        "https://[::1]/",
        "https://10.1.2.3",
        "https://172.16.0.1",
        "https://192.168.0.1",
        "https://169.254.169.254/latest/meta-data",
        "https://[fd00::1]",
        "https://[fe80::1]",
        "https://[::ffff:10.0.0.1]",
        "https://[2002:0a00:0001::]",
        "https://0.0.0.0",
        "https://224.0.0.1",
        "https://100.64.0.1",
    ],
)
def test_a_webhook_may_not_point_elsewhere(url: str) -> None:
    with pytest.raises(BadAddress):
        checked(url, allow_private=False)


@pytest.mark.parametrize("host", ["127.0.0.1.nowhere.invalid", "localhost6.invalid"])
async def test_a_name_that_leads_nowhere_is_unreachable(host: str) -> None:
    with pytest.raises(Unreachable):
        await resolved(f"https://{host}", allow_private=False)


async def test_a_name_that_leads_into_the_own_network_is_unreachable() -> None:
    # 2130706433 and 0x7f000001 are 127.0.0.1 to the resolver, though no literal of ours.
    for host in ("2130706433", "0x7f000001", "127.1"):
        with pytest.raises((Unreachable, BadAddress)):
            await resolved(f"https://{host}", allow_private=False)


async def test_development_may_stay_on_its_machine() -> None:
    address = await resolved("http://localhost:8080/x", allow_private=True)
    assert (address.host, address.port) == ("localhost", 8080)
    assert address.number in {"127.0.0.1", "::1"}


def test_pauses_double_to_an_hour_and_are_spread() -> None:
    assert [pause(failures, chance=lambda: 0.5) for failures in (1, 2, 3, 4)] == [1, 2, 4, 8]
    assert pause(100, chance=lambda: 0.5) == 3600
    assert (pause(1, chance=lambda: 0.0), pause(1, chance=lambda: 1.0)) == (0.9, 1.1)


def _now() -> int:
    """The library refuses what is older than five minutes."""
    return int(time.time())


def test_the_lines_of_the_documentation_verify_a_delivery() -> None:
    page = (Path(__file__).parents[3] / "docs" / "webhooks.md").read_text()
    told: dict[str, Any] = {}
    exec(page.split("```python\n")[1].split("```")[0], told)
    secret, body = signing.new_secret(), b"{}"
    signed = signing.headers("o1:1", body, secret=secret, timestamp=_now())
    assert told["verified"](signed, body, signing.shown(secret))
    assert not told["verified"](signed, b"{ }", signing.shown(secret))
    assert not told["verified"]({**signed, "webhook-timestamp": "1"}, body, signing.shown(secret))
