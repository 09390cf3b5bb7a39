"""Who calls: what goes to the engine with a call, and who is not let through to it."""

import pytest

from fillwire_bridge.callers import Unauthenticated, metadata, request_id
from fillwire_bridge.settings import BridgeSettings

HERE = BridgeSettings(listen="127.0.0.1:0")
ELSEWHERE = BridgeSettings(listen="0.0.0.0:1", insecure=True)


def test_a_token_goes_through_untouched() -> None:
    sent = metadata({"authorization": "Bearer fw_a.b", "x-request-id": "mine"}, HERE)
    assert sent == (("x-request-id", "mine"), ("authorization", "Bearer fw_a.b"))


def test_on_this_machine_nobody_needs_one() -> None:
    assert metadata({"x-request-id": "mine"}, HERE) == (("x-request-id", "mine"),)


@pytest.mark.parametrize("headers", [{}, {"authorization": ""}])
def test_elsewhere_everybody_does(headers: dict[str, str]) -> None:
    with pytest.raises(Unauthenticated) as refused:
        metadata(headers, ELSEWHERE)
    assert b"API_KEY_MISSING" in refused.value.status.SerializeToString()
    assert metadata({"authorization": "Bearer x"}, ELSEWHERE)[1] == ("authorization", "Bearer x")


@pytest.mark.parametrize("token", ["Bearer é", "Bearer a\tb", "Bearer \x7f", "Bearer " + "x" * 4096])
def test_what_no_metadata_can_carry_is_no_token(token: str) -> None:
    with pytest.raises(Unauthenticated) as refused:
        metadata({"authorization": token}, HERE)
    assert b"API_KEY_INVALID" in refused.value.status.SerializeToString()


@pytest.mark.parametrize("given", ["", "a b", "x" * 65, "é", "a\n", "a/b"])
def test_a_request_id_out_of_form_is_replaced(given: str) -> None:
    first, second = request_id({"x-request-id": given}), request_id({"x-request-id": given})
    assert len(first) == 32
    assert first != second


@pytest.mark.parametrize("given", ["a", "A-b_c.d:9", "x" * 64])
def test_a_request_id_in_form_is_kept(given: str) -> None:
    assert request_id({"x-request-id": given}) == given
