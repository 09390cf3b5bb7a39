"""gRPC-Web's frames, encodings and deadlines, without a connection."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fillwire_bridge.grpc_web import deadline, frames
from fillwire_bridge.grpc_web.dialect import Dialect, dialect
from fillwire_bridge.statuses import Malformed

BINARY, TEXT = Dialect(text=False), Dialect(text=True)


@given(st.binary(max_size=300))
def test_a_message_that_was_framed_is_read_back(message: bytes) -> None:
    assert frames.message_of(frames.of_message(message)) == message


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        (b"", "one frame"),
        (b"\0\0\0\0", "one frame"),
        (b"\0\0\0\0\x05abc", "5 bytes were announced, 3 came"),
        (b"\0\0\0\0\0\0\0\0\0\0", "0 bytes were announced, 5 came"),
        (b"\0\xff\xff\xff\xff", "4294967295 bytes were announced, 0 came"),
        (b"\x01\0\0\0\0", "not compressed"),
        (b"\x80\0\0\0\x06x: y\r\n", "not compressed"),
    ],
)
def test_what_is_not_one_message_is_refused(body: bytes, rule: str) -> None:
    with pytest.raises(Malformed, match=rule):
        frames.message_of(body)


@given(st.binary(max_size=300), st.integers(1, 7))
def test_text_is_read_however_it_was_cut_into_chunks(framed: bytes, size: int) -> None:
    chunks = [base64.b64encode(framed[at : at + size]) for at in range(0, len(framed), size)]
    assert TEXT.read(b"".join(chunks)) == framed


@pytest.mark.parametrize("body", [b"not base64!", b"AAAAA", b"AAA", b"====", b"AA=A", b"\xff\xfe", b"AAAA\n", b"A==="])
def test_what_is_not_base64_is_refused(body: bytes) -> None:
    with pytest.raises(Malformed, match="base64"):
        TEXT.read(body)


@given(st.binary(max_size=300))
def test_every_frame_of_text_can_be_read_by_itself(framed: bytes) -> None:
    written = TEXT.write(framed)
    assert len(written) % 4 == 0
    assert base64.b64decode(written, validate=True) == framed
    assert BINARY.write(framed) == BINARY.read(framed) == framed


@pytest.mark.parametrize(
    ("content_type", "spoken"),
    [
        ("application/grpc-web", BINARY),
        ("application/grpc-web+proto", BINARY),
        ("application/grpc-web-text", TEXT),
        ("application/grpc-web-text+proto", TEXT),
        ("Application/GRPC-Web ; charset=utf-8", BINARY),
        ("application/grpc-web+json", None),
        ("application/grpc-web-texts", None),
        ("application/grpc", None),
        ("application/json", None),
        ("", None),
    ],
)
def test_four_content_types_are_spoken(content_type: str, spoken: Dialect | None) -> None:
    assert dialect(content_type) == spoken


def test_an_answer_names_what_it_is_written_in() -> None:
    assert all(dialect(one.content_type) == one for one in (BINARY, TEXT))


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("1H", 3600),
        ("2M", 120),
        ("3S", 3),
        ("500m", 0.5),
        ("7u", 7e-6),
        ("8n", 8e-9),
        ("0S", 0),
        ("99999999S", 99999999),
    ],
)
def test_a_deadline_is_read_with_its_unit(said: str, seconds: float) -> None:
    assert deadline.seconds(said) == pytest.approx(seconds)


@pytest.mark.parametrize("said", ["", "1", "S", "1s", "-1S", "1.5S", "123456789S", "1S ", "\u0661S"])
def test_a_deadline_out_of_form_is_refused(said: str) -> None:
    with pytest.raises(Malformed, match="grpc-timeout"):
        deadline.seconds(said)


def test_without_a_deadline_there_is_none() -> None:
    assert deadline.seconds(None) is None


def test_trailers_are_a_frame_of_their_own() -> None:
    block = b"grpc-status: 5\r\ngrpc-message: no\r\n"
    assert frames.of_trailers(frames.pairs(5, "no")) == b"\x80" + len(block).to_bytes(4, "big") + block


@given(st.text())
def test_a_message_is_plain_text_on_one_line(message: str) -> None:
    written = dict(frames.pairs(2, message)).get("grpc-message", "")
    assert all(0x20 <= ord(character) < 0x7F for character in written)


@pytest.mark.parametrize(
    ("message", "written"), [("100 % sure", "100 %25 sure"), ("a\r\nb", "a%0D%0Ab"), ("ü~!", "%C3%BC~!")]
)
def test_what_a_header_cannot_carry_is_escaped(message: str, written: str) -> None:
    assert dict(frames.pairs(2, message))["grpc-message"] == written


def test_what_is_binary_is_base64_without_padding() -> None:
    assert dict(frames.pairs(0, "", [("a-bin", b"\xfb"), ("b", "text")])) == {
        "grpc-status": "0",
        "a-bin": "+w",
        "b": "text",
    }
