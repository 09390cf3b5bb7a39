"""The tokens an engine knows, fetched once: what turns "1.5 SOL" into smallest units and back."""

from collections.abc import Iterable, Iterator

from fillwire.amount import Amount, Quantity, Token

__all__ = ["Tokens"]


class Tokens:
    """Tokens by symbol and by mint."""

    def __init__(self, tokens: Iterable[Token] = ()) -> None:
        self._listed = tuple(tokens)
        self._by_name = {token.mint: token for token in self._listed} | {token.symbol: token for token in self._listed}

    def __iter__(self) -> Iterator[Token]:
        return iter(self._listed)

    def __len__(self) -> int:
        return len(self._listed)

    def __contains__(self, name: str) -> bool:
        return name in self._by_name

    def find(self, name: str) -> Token:
        """The token of that symbol or mint. Raises `ValueError` where the engine lists none."""
        try:
            return self._by_name[name]
        except KeyError:
            known = ", ".join(token.symbol for token in self._listed)
            raise ValueError(f'no token "{name}"; there are: {known or "none"}') from None

    def raw(self, name: str, quantity: Quantity | Amount) -> int:
        """`quantity` whole tokens in smallest units; raises what `find` and `Token.amount` do."""
        token = self.find(name)
        if not isinstance(quantity, Amount):
            return token.amount(quantity).raw
        if quantity.token != token.symbol:
            raise ValueError(f"{quantity} is not an amount of {token.symbol}")
        return quantity.raw

    def amount(self, symbol: str, raw: int) -> Amount:
        """`raw` smallest units; never fails: an old order may name a token that is no longer listed."""
        token = self._by_name.get(symbol)
        return Amount(symbol, raw, token.decimals if token else None)
