"""What is wrong with JSON that came."""

__all__ = ["Malformed"]


class Malformed(ValueError):
    """It is not what it should be."""

    def __init__(self, field: str, rule: str) -> None:
        """`field` as the engine names it ("spec.amount_in"), "" for the whole; `rule` is what it breaks."""
        # Of a field that the contract does not know, the name is anybody's: a megabyte, or no Unicode.
        self.field = field[:200].encode(errors="replace").decode()
        super().__init__(f"{self.field}: {rule}" if field else rule)
        self.rule = rule
