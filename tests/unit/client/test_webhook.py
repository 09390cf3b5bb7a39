"""A delivery is the engine's only where its signature is right and fresh."""

import base64
import hashlib
import hmac
import json
from typing import Any, Final

import pytest
from google.protobuf import json_format

import fillwire
from fillwire import WebhookNotVerified, verify_webhook
from tests.unit.client.messages import ORDER_ID, account_event, receipt
from tests.unit.client.wires import Wires

SECRET: Final = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
NOW: Final = 1614265330
EVENT: Final = account_event("c", 5, "CONFIRMED", receipt=receipt()).event
BODY: Final = json_format.MessageToJson(EVENT).encode()


def signature(body: bytes = BODY, *, secret: str = SECRET, at: int = NOW, delivery: str = f"{ORDER_ID}:5") -> str:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = hmac.new(key, f"{delivery}.{at}.".encode() + body, hashlib.sha256)
    return "v1," + base64.b64encode(signed.digest()).decode()


def headers(**changes: str) -> dict[str, str]:
    names = {"id": f"{ORDER_ID}:5", "timestamp": str(NOW), "signature": signature()} | changes
    return {f"webhook-{name}": value for name, value in names.items()}


def verify(headers: dict[str, str], body: bytes | str = BODY, *, secret: str = SECRET, now: float = NOW) -> Any:
    return verify_webhook(headers, body, secret, now=now)


def test_the_example_of_the_standard_is_verified() -> None:
    # From the reference implementations (https://github.com/standard-webhooks/standard-webhooks).
    example = {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }
    assert verify(example, b'{"test": 2432232314}') == {"test": 2432232314}


def test_a_delivery_gives_the_event_as_it_was_sent() -> None:
    assert verify(headers()) == json.loads(BODY)
    assert verify(headers(), BODY.decode())["orderId"] == ORDER_ID


def test_the_case_of_headers_does_not_matter() -> None:
    assert verify({name.title(): value for name, value in headers().items()})


def test_one_right_signature_of_several_is_enough() -> None:
    several = " ".join(["v1a,other", signature(secret="whsec_b2xk"), signature()])
    assert verify(headers(signature=several))


@pytest.mark.parametrize(
    "wrong",
    [
        {"signature": ""},
        {"signature": "v1,"},
        {"signature": signature(BODY + b" ")},
        {"signature": signature(secret="whsec_b3RoZXI=")},
        {"signature": signature().replace("v1,", "v2,")},
        {"signature": signature().removeprefix("v1,")},
        {"signature": "v1,\u00e9"},
        {"id": f"{ORDER_ID}:6"},
        {"timestamp": str(NOW + 1)},
        {"timestamp": ""},
        {"timestamp": "yesterday"},
    ],
    ids=str,
)
def test_what_is_not_signed_so_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(WebhookNotVerified):
        verify(headers(**wrong))


def test_another_body_is_refused_and_so_is_a_delivery_without_headers() -> None:
    with pytest.raises(WebhookNotVerified):
        verify(headers(), BODY.replace(b"CONFIRMED", b"FAILED"))
    with pytest.raises(WebhookNotVerified):
        verify({})


@pytest.mark.parametrize("now", [NOW + 301, NOW - 301])
def test_a_delivery_signed_long_ago_or_in_the_future_is_refused(now: float) -> None:
    with pytest.raises(WebhookNotVerified, match="too long ago"):
        verify(headers(), now=now)
    assert verify_webhook(headers(), BODY, SECRET, now=now, tolerance_seconds=400)


def test_a_tolerance_that_is_no_number_lets_nothing_pass() -> None:
    with pytest.raises(WebhookNotVerified, match="too long ago"):
        verify_webhook(headers(), BODY, SECRET, now=NOW, tolerance_seconds=float("nan"))


@pytest.mark.parametrize("secret", ["whsec_not base64", "whsec_", "", "whsec_\u00e9"])
def test_a_secret_that_is_none_is_the_receivers_own_fault(secret: str) -> None:
    forged = signature(secret="")
    with pytest.raises(ValueError, match="whsec_"):
        verify(headers(signature=forged), secret=secret)


def test_a_client_reads_the_event_of_a_delivery(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.time", lambda: float(NOW))
    newer = json.dumps(json.loads(BODY) | {"addedLater": 1}).encode()
    wires = Wires()
    event = wires.client.read_webhook(headers(signature=signature(newer)), newer, SECRET)
    assert (event.order_id, event.seq, event.status) == (ORDER_ID, 5, fillwire.Status.CONFIRMED)
    assert isinstance(event.detail, fillwire.Receipt)
    assert str(event.detail.amount_out) == "239.99 USDC"
    with pytest.raises(WebhookNotVerified):
        wires.client.read_webhook(headers(), newer, SECRET)
