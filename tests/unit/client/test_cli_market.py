"""The commands that show routes, venues and pools: what they ask, and what they print."""

import json
import re

import pytest

from fillwire.cli.session import Output, Session
from fillwire.settings import Settings
from fillwire.v1 import market_service_pb2, order_service_pb2
from tests.unit.client import messages
from tests.unit.client.conftest import Run
from tests.unit.client.messages import ORDER_ID
from tests.unit.client.scripted import Engine
from tests.unit.client.text import text

QUOTED = market_service_pb2.GetQuoteResponse(quote=messages.quote())


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    for name, value in (("LC_ALL", ""), ("LC_CTYPE", ""), ("LANG", "C.UTF-8")):
        monkeypatch.setenv(name, value)


def test_quote_prints_the_proof_the_split_and_why_each_pool_lost(engine: Engine, run: Run) -> None:
    engine.script("GetQuote", QUOTED)
    result = run("quote", "SOL", "USDC", "1.5")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines() == text(
        """
        gives            240 USDC for 1.5 SOL
        price            160 USDC per SOL, mid 160.05
        price impact     3.50 bps
        best pool alone  239 USDC, raydium_cpmm.1
        gained on it     41.84 bps
        never more than  240.000024 USDC; the route is 0.0010 bps below
        routed in        420 µs, on the pools of slot 77
        good until       03:04:05.000000 UTC

        LEG                PAIR           SHARE       IN       OUT  FEE BPS
        raydium_cpmm.1     SOL -> USDC  60.00 %  0.9 SOL  144 USDC    10.00
        meteora_damm_v2.7  SOL -> USDC  40.00 %  0.6 SOL   96 USDC    10.00

        SOL ─┬─  60.00 %  █████████████████████                raydium_cpmm.1    ─→ USDC
             └─  40.00 %  ██████████████                       meteora_damm_v2.7 ─→ USDC

        POOL               ALONE GIVES USDC  BEHIND BPS  VERDICT
        raydium_cpmm.1                  239       41.60  used
        meteora_damm_v2.7               238       83.30  used
        raydium_amm_v4.3                  -           -  insufficient_liquidity
        insufficient_liquidity: it holds too little even for a share
        """
    )


def test_a_quote_without_limits_leaves_them_to_the_engine(engine: Engine, run: Run) -> None:
    engine.script("GetQuote", QUOTED)
    run("quote", "SOL", "USDC", "1.5")
    (asked,) = engine.asked["GetQuote"]
    assert (asked.amount_in, asked.HasField("routing")) == ("1500000000", False)


def test_a_quote_is_limited_as_it_is_asked_to_be(engine: Engine, run: Run) -> None:
    engine.script("GetQuote", QUOTED)
    limits = ("--max-legs", "2", "--max-hops", "1", "--venue", "a", "--venue", "b", "--not-venue", "c")
    assert run("quote", "SOL", "USDC", "1.5", *limits).exit_code == 0
    routing = engine.asked["GetQuote"][0].routing
    assert (routing.max_legs, routing.max_hops) == (2, 1)
    assert (list(routing.include_venues), list(routing.exclude_venues)) == (["a", "b"], ["c"])


def test_an_order_is_limited_the_same_way(engine: Engine, run: Run) -> None:
    engine.script("SubmitOrder", order_service_pb2.SubmitOrderResponse(order=messages.order()))
    limits = ("--max-hops", "2", "--venue", "a", "--not-venue", "c")
    assert run("submit", "SOL", "USDC", "1.5", "--slippage-bps", "50", *limits).exit_code == 0
    routing = engine.asked["SubmitOrder"][0].spec.routing
    assert (routing.max_hops, list(routing.include_venues), list(routing.exclude_venues)) == (2, ["a"], ["c"])


def test_an_exact_output_is_the_amount_to_get(engine: Engine, run: Run) -> None:
    found = market_service_pb2.Quote(token_in="SOL", token_out="USDC", route=messages.exact_out_route())
    engine.script("GetQuote", market_service_pb2.GetQuoteResponse(quote=found))
    result = run("quote", "SOL", "USDC", "240", "--exact-out")
    (asked,) = engine.asked["GetQuote"]
    assert (asked.WhichOneof("amount"), asked.amount_out) == ("amount_out", "240000000")
    lines = result.stdout.splitlines()
    assert lines[0] == "takes            1.5 SOL for 240 USDC"
    assert "never less than  1.499999 SOL; the route is 0.0067 bps above" in lines
    assert "SOL ─── 100.00 % meteora_dlmm.4 ─→ JUP ─── 100.00 % raydium_clmm.2 ─→ USDC" in lines


def test_a_quote_for_programs_is_a_document(engine: Engine, run: Run) -> None:
    engine.script("GetQuote", QUOTED)
    route = json.loads(run("quote", "SOL", "USDC", "1.5", "-o", "json").stdout)["route"]
    assert (route["gap_bps"], route["exact_out"]) == (0.001, False)
    assert route["bound"] == {"token": "USDC", "raw": "240000024", "ui": "240.000024"}


def test_a_terminal_without_unicode_gets_ascii(engine: Engine, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "C")
    engine.script("GetQuote", QUOTED)
    engine.script("ExplainOrder", messages.explanation())
    for command in (("quote", "SOL", "USDC", "1.5"), ("explain", ORDER_ID)):
        printed = run(*command).stdout
        assert printed.isascii()
        assert "SOL -+-  60.00 %  ####" in printed


def test_explain_tells_the_whole_story(engine: Engine, run: Run) -> None:
    engine.script("ExplainOrder", messages.explanation())
    result = run("explain", ORDER_ID)
    assert engine.asked["ExplainOrder"][0].order_id == ORDER_ID
    assert result.exit_code == 0
    assert re.findall(r"^(?:Events|Attempt \d|Changed.*|Filled)$", result.stdout, re.MULTILINE) == [
        "Events",
        "Attempt 1",
        "Attempt 2",
        "Changed since attempt 1",
        "Filled",
    ]


def test_a_story_for_programs_is_a_document(engine: Engine, run: Run) -> None:
    engine.script("ExplainOrder", messages.explanation())
    told = json.loads(run("explain", ORDER_ID, "-o", "json").stdout)
    assert told["order"]["order_id"] == ORDER_ID
    assert [event["seq"] for event in told["events"]] == list(range(1, 10))
    assert [attempt["failure"] and attempt["failure"]["reason"] for attempt in told["attempts"]] == [
        "SLIPPAGE_EXCEEDED",
        None,
    ]
    assert told["order"]["receipt"]["legs"][1]["quoted_amount_out"]["ui"] == "96.1"


def test_all_unfolds_the_pools_that_lost(engine: Engine, run: Run) -> None:
    quote = messages.quote()
    for number in range(20):
        quote.route.candidates.add(venue="raydium_clmm", pool=f"raydium_clmm.{number}", reason="outpriced")
    story = messages.explanation()
    story.attempts[0].route.CopyFrom(quote.route)
    engine.script("GetQuote", market_service_pb2.GetQuoteResponse(quote=quote))
    engine.script("ExplainOrder", story)
    for command in (("quote", "SOL", "USDC", "1.5"), ("explain", ORDER_ID)):
        folded, whole = run(*command).stdout, run(*command, "--all").stdout
        assert "and 13 more (12 outpriced, 1 insufficient_liquidity); --all shows them" in folded
        assert (folded.count(" outpriced\n"), whole.count(" outpriced\n")) == (8, 20)


def test_the_venues_show_what_their_quotes_were_worth(
    engine: Engine, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    venues = [
        messages.venue("meteora_damm_v2", "halted"),
        messages.venue("raydium_clmm", score=messages.score(applied=False)),
        messages.venue("raydium_cpmm", exact_out=True, score=messages.score()),
    ]
    engine.script("ListVenues", market_service_pb2.ListVenuesResponse(venues=venues))
    result = run("venues")
    assert result.stdout.splitlines() == text(
        """
        VENUE            TITLE            POOLS  TAKES ORDERS  EXACT OUT  HAIRCUT BPS  FILL BPS  REJECTED  LANDS IN  SAMPLES
        meteora_damm_v2  Meteora_Damm_V2      3  no: halted    no                   -         -         -         -        -
        raydium_clmm     Raydium_Clmm         3  yes           no              (3.25)     -1.50    1.25 %   0.430 s     40.5
        raydium_cpmm     Raydium_Cpmm         3  yes           yes               3.25     -1.50    1.25 %   0.430 s     40.5
        """
    )
    assert result.stderr == "the haircuts in brackets are switched off\n"
    monkeypatch.setenv("COLUMNS", "80")
    assert run("venues").stdout.splitlines()[3] == (
        "raydium_cpmm         3  yes                  3.25     -1.50    1.25 %   0.430 s"
    )
    document = json.loads(run("venues", "-o", "jsonl").stdout.splitlines()[2])
    assert document["score"]["latency"] == "0.43s"


def test_the_pools_are_those_of_a_pair_and_a_venue(engine: Engine, run: Run) -> None:
    engine.script("ListPools", market_service_pb2.ListPoolsResponse(pools=[messages.pool()]))
    result = run("pools", "SOL", "USDC", "--venue", "raydium_cpmm")
    (asked,) = engine.asked["ListPools"]
    assert (asked.token_a, asked.token_b, asked.venue) == ("SOL", "USDC", "raydium_cpmm")
    assert result.stdout.splitlines() == text(
        """
        POOL            PAIR       PRICE  FEE BPS     HOLDS          AND  SLOT
        raydium_cpmm.1  SOL/USDC  160.05    25.00  1000 SOL  160050 USDC    77
        """
    )
    run("pools")
    assert engine.asked["ListPools"][1] == market_service_pb2.ListPoolsRequest()


def test_the_tokens_are_listed(run: Run) -> None:
    assert [json.loads(line)["symbol"] for line in run("tokens", "-o", "jsonl").stdout.splitlines()] == ["SOL", "USDC"]


@pytest.mark.parametrize(
    ("locale", "unicode"),
    [
        ({"LANG": "en_US.UTF-8"}, True),
        ({"LANG": ""}, True),
        ({"LANG": "C"}, False),
        ({"LANG": "POSIX"}, False),
        ({"LANG": "C", "LC_CTYPE": "C.UTF-8"}, False),
        ({"LANG": "C", "LC_CTYPE": "de_DE.UTF-8"}, True),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": "C"}, False),
    ],
)
def test_the_locale_says_what_the_terminal_shows(
    locale: dict[str, str], unicode: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in locale.items():
        monkeypatch.setenv(name, value)
    session = Session(settings=Settings("here"), output=Output.TABLE, timeout=None, quiet=False, color=True)
    monkeypatch.setattr("sys.stdout", _Terminal("utf-8"))
    assert session.pen().unicode is unicode
    assert session.pen().width == 80


@pytest.mark.parametrize(("color", "tty", "seen"), [(True, True, True), (False, True, False), (True, False, False)])
def test_colours_are_for_people_who_want_them(
    color: bool, tty: bool, seen: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = Session(settings=Settings("here"), output=Output.TABLE, timeout=None, quiet=False, color=color)
    monkeypatch.setattr("sys.stdout", _Terminal("utf-8", tty=tty))
    assert session.pen().color is seen


def test_a_stream_that_cannot_encode_strokes_gets_none(monkeypatch: pytest.MonkeyPatch) -> None:
    session = Session(settings=Settings("here"), output=Output.TABLE, timeout=None, quiet=False, color=True)
    for encoding, unicode in (("latin-1", False), (None, False), ("utf-8", True)):
        monkeypatch.setattr("sys.stdout", _Terminal(encoding))
        assert session.pen().unicode is unicode


class _Terminal:
    """A stdout that says what it can."""

    def __init__(self, encoding: str | None, *, tty: bool = True) -> None:
        self.encoding = encoding
        self._tty = tty

    def isatty(self) -> bool:
        return self._tty

    def write(self, text: str) -> int:
        return len(text)

    def flush(self) -> None:
        pass
