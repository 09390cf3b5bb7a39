"""What the library's page shows is what it does."""

from pathlib import Path

import pytest

PAGE = Path(__file__).parents[3] / "dex" / "README.md"


def test_the_example_runs_and_proves_its_route(capsys: pytest.CaptureFixture[str]) -> None:
    example = PAGE.read_text("utf-8").split("```python\n")[1].split("```")[0]
    exec(compile(example, str(PAGE), "exec"), {})
    proof, *legs = capsys.readouterr().out.splitlines()
    assert "at most 0.0" in proof
    assert 2 <= len(legs) <= 8
