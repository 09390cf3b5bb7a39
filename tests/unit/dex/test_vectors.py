"""The pools equal the venues' own programs, to the last unit."""

from pathlib import Path

import pytest

from tests.vectors.replay import main, replay

SHIPPED = sorted((Path(__file__).parents[2] / "vectors" / "sample").glob("*.json"))
FULL = Path(__file__).parents[3].parent / "shared" / "vectors"


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_shipped_vector_is_met(path: Path) -> None:
    tally = replay(path)
    assert tally.differences == []
    assert tally.passed


@pytest.mark.parametrize(
    ("kind", "cases"),
    [
        ("raydium_amm_v4", 640),
        ("raydium_cpmm", 640),
        ("meteora_damm_v2", 640),
        ("meteora_dlmm", 640),
        ("raydium_clmm", 640),
        ("orca_whirlpool", 640),
        ("meteora_dlmm_limit_orders", 240),
    ],
)
def test_every_vector_of_the_full_set_is_met(kind: str, cases: int) -> None:
    path = FULL / f"{kind}.json"
    if not path.exists():
        pytest.skip("the full set of vectors is not beside this clone")
    tally = replay(path)
    assert tally.differences == []
    assert tally.passed
    assert tally.cases >= cases


def test_a_wrong_vector_is_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = tmp_path / "wrong.json"
    text = SHIPPED[-1].read_text()
    first = text.index('"amount_out"')
    digit = text.index('"', first + 13) + 1
    wrong.write_text(text[:digit] + str((int(text[digit]) + 1) % 10) + text[digit + 1 :])
    assert main([str(wrong)]) == 1
    assert "1 differ" in capsys.readouterr().out


def test_a_vector_that_cannot_be_carried_is_counted_as_skipped(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    foreign = tmp_path / "foreign.json"
    foreign.write_text(SHIPPED[-1].read_text().replace('"kind": "raydium_cpmm"', '"kind": "uniswap_v4"', 1))
    assert main([str(foreign)]) == 1
    assert "0 cases" in capsys.readouterr().out
