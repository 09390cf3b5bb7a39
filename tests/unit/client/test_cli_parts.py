"""The parts of the command that need no engine."""

import subprocess
import sys
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

import fillwire
from fillwire.cli import engine, main, times
from fillwire.cli.document import document
from fillwire.cli.placement import MissingValue, hoist
from fillwire.cli.story import shares, short_price
from tests.unit.client.routes import DIRECT, TREE


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("get 1 -o json", "-o json get 1"),
        ("get 1 --target=h:1 --quiet", "--target=h:1 --quiet get 1"),
        ("--token t get 1 --timeout 5s", "--token t --timeout 5s get 1"),
        ("submit SOL USDC 1 --watch", "submit SOL USDC 1 --watch"),
        ("-q up --target x --quiet -o json", "-q up --target x --quiet -o json"),
        ("get -- -q", "get -- -q"),
    ],
)
def test_shared_options_come_first_but_for_commands_of_the_engine(typed: str, understood: str) -> None:
    assert hoist(typed.split()) == understood.split()


def test_a_shared_option_without_its_value_does_not_take_the_command_for_it() -> None:
    with pytest.raises(MissingValue, match="--target"):
        hoist(["get", "1", "--target"])


@pytest.mark.parametrize(
    ("text", "seconds"), [("10", 10.0), ("10s", 10.0), ("500ms", 0.5), ("2m", 120.0), ("1.5h", 5400.0), ("1d", 86400.0)]
)
def test_a_span_is_read_with_its_unit(text: str, seconds: float) -> None:
    assert times.seconds(text) == seconds


@pytest.mark.parametrize("text", ["", "soon", "-1s", "1 parsec", "s"])
def test_what_is_no_span_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a span"):
        times.seconds(text)


def test_a_moment_is_a_time_with_its_zone_or_a_span_from_now() -> None:
    now = datetime(2030, 1, 1, tzinfo=UTC)
    assert times.moment("90s", now) == datetime(2030, 1, 1, 0, 1, 30, tzinfo=UTC)
    assert times.moment("2030-01-01T02:00:00+02:00") == now
    with pytest.raises(ValueError, match="no time zone"):
        times.moment("2030-01-01T00:00:00")
    with pytest.raises(ValueError, match="neither"):
        times.moment("tomorrow")


@pytest.mark.parametrize(
    ("price", "shown"),
    [
        ("159.9933333333", "159.99333"),
        ("1.12216981e-7", "0.00000011221698"),
        ("0.014980000", "0.01498"),
        ("12345678901.5", "12345678901.5"),
    ],
)
def test_a_price_is_short_and_never_a_power_of_ten(price: str, shown: str) -> None:
    assert short_price(Decimal(price)) == shown


def test_the_shares_of_a_route_with_hops_are_told_token_by_token() -> None:
    assert shares(DIRECT) == "raydium_amm_v4 60.46 %, meteora_damm_v2 39.52 %, raydium_cpmm 0.02 %"
    by_jup = "JUP by raydium_clmm 70 %, raydium_cpmm 30 %"
    assert shares(TREE) == f"SOL by raydium_amm_v4 62 %, meteora_dlmm 28 %, raydium_cpmm 10 %; {by_jup}"


def test_what_has_no_json_form_is_not_guessed() -> None:
    with pytest.raises(TypeError, match="object has no JSON form"):
        document(object())


def test_alternatives_say_which_one_they_are() -> None:
    assert document(fillwire.TrailingStop(50)) == {"kind": "trailing_stop", "trail_bps": 50, "activation_price": None}
    assert document(fillwire.Amount("GONE", 7, None)) == {"token": "GONE", "raw": "7", "ui": None}


def test_a_command_of_the_engine_gets_its_own_arguments(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[list[str]] = []

    class Module:
        @staticmethod
        def main(argv: Any) -> int:
            given.append(list(argv))
            return 3

    monkeypatch.setitem(sys.modules, "fillwire_server.main", Module)
    assert main(["serve", "--help", "--port", "1", "-x"]) == 3
    assert given == [["--help", "--port", "1", "-x"]]


def test_without_the_engine_its_commands_say_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def missing(_: str) -> None:
        raise ModuleNotFoundError("No module named 'structlog'", name="structlog")

    monkeypatch.setattr("importlib.import_module", missing)
    assert engine.run("worker", []) == 1
    assert 'pip install "fillwire[engine]"' in capsys.readouterr().err


def test_a_broken_engine_is_not_taken_for_a_missing_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_: str) -> None:
        raise ModuleNotFoundError("No module named 'fillwire_dex.gone'", name="fillwire_dex.gone")

    monkeypatch.setattr("importlib.import_module", missing)
    with pytest.raises(ModuleNotFoundError):
        engine.run("worker", [])


def loaded(statement: str) -> set[str]:
    """The modules that a fresh interpreter has loaded after a statement."""
    program = f"import sys\n{statement}\nprint(*sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    return set(done.stdout.splitlines()[-1].split())


HELP = "from fillwire.cli import main; main(['get', '--help'])"
GET = "from fillwire.cli import main; main(['get', 'x', '--target', '127.0.0.1:1', '--timeout', '50ms'])"
ENGINE = ("fillwire_server", "fillwire_workers", "fillwire_stack", "sqlalchemy", "alembic", "redis", "rq", "psycopg")


@pytest.mark.parametrize(
    ("statement", "unwanted"),
    [
        ("import fillwire", ["grpc", "google.protobuf", "typer", "decimal", "dataclasses"]),
        ("import fillwire.v1.order_service_pb2", ["grpc", "typer", "fillwire.order"]),
        ("import fillwire; fillwire.Order", ["grpc", "google.protobuf"]),
        ("import fillwire; fillwire.Client", ["typer", "rich", *ENGINE]),
        (HELP, ["grpc", "google.protobuf", "rich", *ENGINE]),
        (GET, ["rich", "fillwire.cli.doctor", *ENGINE]),
    ],
    ids=["import", "contract", "dataclasses", "client", "help", "get"],
)
def test_nothing_is_loaded_before_it_is_needed(statement: str, unwanted: list[str]) -> None:
    assert loaded(statement).isdisjoint(unwanted)


def test_every_public_name_can_be_loaded_and_no_other() -> None:
    assert all(getattr(fillwire, name) is not None for name in fillwire.__all__)
    with pytest.raises(AttributeError, match="Nonsense"):
        getattr(fillwire, "Nonsense")  # noqa: B009
