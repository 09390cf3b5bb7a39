"""Tokens are found by symbol in any case, or by mint."""

import pytest

from fillwire_dex import UnknownToken, tokens


@pytest.mark.parametrize("name", ["SOL", "sol", "So11111111111111111111111111111111111111112"])
def test_a_token_is_found_by_any_of_its_names(name: str) -> None:
    assert tokens.find(name) is tokens.SOL


def test_every_registered_token_is_found_by_symbol_and_mint() -> None:
    for token in tokens.ALL:
        assert tokens.find(token.symbol.lower()) is token
        assert tokens.find(token.mint) is token


@pytest.mark.parametrize("name", ["", "DOGE", "so11111111111111111111111111111111111111112"])
def test_an_unknown_name_is_refused_with_those_that_are_known(name: str) -> None:
    with pytest.raises(UnknownToken, match="USDC"):
        tokens.find(name)
