"""The dashboard's modules under Node, and what may be said of its files without a browser."""

import hashlib
import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from fillwire_bridge import dashboard

STATIC = Path(dashboard.__file__).parent / "static"
VENDOR = STATIC / "vendor"
MODULES = Path(__file__).parents[1] / "dashboard"
OWN = [
    path
    for path in sorted(STATIC.rglob("*"))
    if path.suffix in {".html", ".js", ".css", ".svg"}
    if VENDOR not in path.parents
]

# Names of namespaces and of types: nothing is ever asked of them.
_NAMESPACES = ("http://www.w3.org/", "type.googleapis.com/")


@pytest.mark.parametrize("module", sorted(MODULES.glob("*.test.mjs")), ids=lambda path: path.name)
def test_the_pages_modules_keep_what_their_own_tests_say(module: Path) -> None:
    run = subprocess.run(
        [*_node(), "--test", "--test-reporter=tap", str(module)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_vendored_files_are_those_that_were_checked() -> None:
    rows = dict(_vendored())
    assert rows == {name: hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() for name in rows}


def test_every_vendored_file_stands_in_the_table_with_its_licence() -> None:
    rows, table = dict(_vendored()), (VENDOR / "README.md").read_text()
    for path in VENDOR.iterdir():
        ours = path.name == "README.md" or path.name.endswith(".d.ts")
        assert ours or path.name in rows or (path.suffix == ".LICENSE" and f"`{path.name}`" in table), path


def test_no_file_of_the_page_names_another_host() -> None:
    for path in OWN:
        named = re.findall(r"(?:https?:|wss?:)?//[\w.-]+\.[a-z]{2,}\S*", path.read_text())
        assert not [url for url in named if not url.startswith(_NAMESPACES)], path


def test_no_file_of_the_page_needs_what_its_content_security_policy_forbids() -> None:
    for path in OWN:
        text = path.read_text()
        assert not re.search(r"\beval\(|new Function\(|javascript:", text), path
        assert path.suffix != ".html" or not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", text), path


def test_dark_is_the_same_whether_a_person_or_the_system_asks_for_it() -> None:
    theme = (STATIC / "theme.css").read_text()
    selectors = (r':root:not\(\[data-scheme="light"\]\)', r':root\[data-scheme="dark"\]')
    systems, chosen = (re.findall(r"--[\w-]+: [^;]+", _rule(theme, selector)) for selector in selectors)
    assert chosen == systems
    assert "--surface: #0f1217" in chosen


def test_every_file_that_the_page_asks_for_is_there() -> None:
    for path in OWN:
        for name in _asked_for(path):
            assert (path.parent / name).is_file(), f"{path.relative_to(STATIC)} asks for {name}"


@cache
def _node() -> list[str]:
    """The command that runs Node, with WebSockets; before version 22 they were a trial."""
    node = shutil.which("node")
    if not node:
        pytest.skip("there is no node on PATH, which runs the tests of the dashboard's modules")
    version = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=30, check=True).stdout
    major = int(version.lstrip("v").split(".")[0])
    if major < 20:
        pytest.skip(f"node {version.strip()} is too old for the tests of the dashboard's modules: 20 or later")
    return [node, "--experimental-websocket"] if major < 22 else [node]


def _rule(css: str, selector: str) -> str:
    found = re.search(selector + r" \{([^}]*)\}", css)
    assert found
    return found[1]


def _vendored() -> Iterator[tuple[str, str]]:
    """Each file in the table of vendored files, and its checksum."""
    for line in (VENDOR / "README.md").read_text().splitlines():
        if found := re.search(r"`([\w.-]+)` \| `([0-9a-f]{64})` \|$", line):
            yield found[1], found[2]


def _asked_for(path: Path) -> list[str]:
    """The files that a file names to be fetched, relative to it."""
    pattern = r'(?:href|src)="([\w./-]+)"' if path.suffix == ".html" else r'(?:from|import\()\s*"(\./|\.\./)([\w./-]+)"'
    text = path.read_text() if path.suffix in {".html", ".js"} else ""
    return ["".join(found) for found in re.findall(pattern, text)]
