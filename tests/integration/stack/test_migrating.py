"""`fillwire migrate` makes the simulated market move, or stand still, as its operator says."""

import psycopg
import pytest

from fillwire_stack.migrate import main


def motion(database_url: str) -> str:
    with psycopg.connect(database_url) as connection:
        (found,) = connection.execute("SELECT motion FROM market.chain").fetchone() or ("",)
    return str(found)


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, database_url: str) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.delenv("FILLWIRE_MARKET_MOTION", raising=False)


def test_a_market_moves_and_stands_still_as_it_is_told(monkeypatch: pytest.MonkeyPatch, database_url: str) -> None:
    for told in ("moving", "moving", "still"):
        monkeypatch.setenv("FILLWIRE_MARKET_MOTION", told)
        assert main([]) == 0
        assert motion(database_url) == told


def test_a_market_that_is_told_nothing_stays_as_it_is(monkeypatch: pytest.MonkeyPatch, database_url: str) -> None:
    assert main([]) == 0
    assert motion(database_url) == "still"
    monkeypatch.setenv("FILLWIRE_MARKET_MOTION", "moving")
    main([])
    monkeypatch.delenv("FILLWIRE_MARKET_MOTION")
    main([])
    assert motion(database_url) == "moving"


def test_a_check_changes_nothing(monkeypatch: pytest.MonkeyPatch, database_url: str) -> None:
    monkeypatch.setenv("FILLWIRE_MARKET_MOTION", "moving")
    assert main(["--check"]) == 0
    assert motion(database_url) == "still"


def test_another_word_is_refused(
    monkeypatch: pytest.MonkeyPatch, database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FILLWIRE_MARKET_MOTION", "sideways")
    assert main([]) == 2
    assert "moving or still" in capsys.readouterr().err
    assert motion(database_url) == "still"
