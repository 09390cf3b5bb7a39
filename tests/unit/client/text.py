"""Text that a command prints, as a test writes it down."""

import textwrap


def text(block: str) -> list[str]:
    """The lines of a block that is indented as its test is."""
    return textwrap.dedent(block).strip("\n").splitlines()
