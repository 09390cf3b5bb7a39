"""One process at a time holds a state directory, and the next one is told who does."""

import json
import os
from pathlib import Path

import pytest

from fillwire_stack.errors import AlreadyRunning
from fillwire_stack.state import announce, held


def test_a_second_holder_is_told_who_is_first(tmp_path: Path) -> None:
    with held(tmp_path):
        announce(tmp_path, grpc="127.0.0.1:50051", postgres=5432)
        with pytest.raises(AlreadyRunning) as refused, held(tmp_path):
            pass
    assert str(os.getpid()) in str(refused.value)
    assert "127.0.0.1:50051" in str(refused.value)


def test_who_leaves_leaves_nothing_behind(tmp_path: Path) -> None:
    with held(tmp_path):
        announce(tmp_path, grpc="127.0.0.1:50051")
        assert json.loads((tmp_path / "running.json").read_text())["pid"] == os.getpid()
    assert not (tmp_path / "running.json").exists()
    with held(tmp_path):
        pass
