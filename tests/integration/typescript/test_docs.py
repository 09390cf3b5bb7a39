"""What the documents show of the TypeScript client is what it is."""

import json
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tests.integration.typescript.building import ROOT

DOCUMENT: Final = ROOT / "docs" / "typescript.md"

_BLOCK: Final = re.compile(r"^```ts\n(.*?)^```", re.MULTILINE | re.DOTALL)
_KNOWN: Final = """\
import { FillwireClient, OrderStatus, type Order } from "@fillwire/client";
declare const client: FillwireClient;
declare const order: Order;
"""
_CONFIG: Final = {
    "extends": "../../tsconfig.json",
    "compilerOptions": {"noEmit": True, "rootDir": "../..", "noUnusedLocals": False},
    "include": ["*.ts"],
    "exclude": [],
}


def test_the_readme_shows_the_example_that_is_run(package: Path) -> None:
    example = (package / "examples" / "place-and-follow.ts").read_text()
    assert _blocks(package / "README.md") == [example]
    assert len([line for line in example.splitlines() if line]) <= 10


def test_every_example_is_shown_in_a_document(package: Path) -> None:
    shown = [*_blocks(package / "README.md"), *_blocks(DOCUMENT)]
    for example in sorted((package / "examples").glob("*.ts")):
        assert example.read_text() in shown, example.name


def test_every_piece_of_the_document_compiles(package: Path) -> None:
    run = {example.read_text() for example in (package / "examples").glob("*.ts")}
    first, *pieces = (piece for piece in _blocks(DOCUMENT) if piece not in run)
    directory = package / "dist" / "docs"
    directory.mkdir(exist_ok=True)
    for number, piece in enumerate([first, *(_KNOWN + piece for piece in pieces)]):
        (directory / f"piece-{number}.ts").write_text(piece + "export {};\n")
    (directory / "tsconfig.json").write_text(json.dumps(_CONFIG))
    command = (str(package / "node_modules" / ".bin" / "tsc"), "-p", str(directory))
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stdout


def _blocks(document: Path) -> Sequence[str]:
    return _BLOCK.findall(document.read_text())
