"""The command `fillwire bridge`."""

import pytest

from fillwire.cli import engine, main


def test_without_what_it_needs_it_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def missing(_: str) -> None:
        raise ModuleNotFoundError("No module named 'uvicorn'", name="uvicorn")

    monkeypatch.setattr("importlib.import_module", missing)
    assert main(["bridge"]) == 1
    assert 'pip install "fillwire[bridge]"' in capsys.readouterr().err


def test_it_is_listed_among_the_engines() -> None:
    assert engine.COMMANDS["bridge"][0] == "fillwire_bridge.main:main"
