"""The pictures of routes, to the letter."""

import re

import pytest

from fillwire.cli.pen import Pen
from fillwire.cli.picture import picture
from fillwire.route import Route
from tests.unit.client.routes import DIRECT, NETWORK, TREE, leg, route
from tests.unit.client.text import text


def test_a_split_is_a_bar_for_each_leg() -> None:
    assert picture(Pen(80), DIRECT) == text(
        """
        SOL ─┬─  60.46 %  ███████████████▊            raydium_amm_v4.SOL-USDC.1  ─→ USDC
             ├─  39.52 %  ██████████▎                 meteora_damm_v2.SOL-USDC.1 ─→ USDC
             └─   0.02 %  ▏                           raydium_cpmm.SOL-USDC.1    ─→ USDC
        """
    )


def test_one_leg_is_a_line_without_a_fork() -> None:
    whole = route(leg("raydium_cpmm", "5 SOL -> 798 USDC", 100))
    assert picture(Pen(70), whole) == ["SOL ─── 100.00 %  ███████████████████  raydium_cpmm.SOL-USDC.1 ─→ USDC"]
    assert picture(Pen(200), whole) == [f"SOL ─── 100.00 %  {'█' * 40}  raydium_cpmm.SOL-USDC.1 ─→ USDC"]
    assert picture(Pen(60), whole) == ["SOL ─── 100.00 %  ████████████████████  raydium_cpmm ─→ USDC"]


def test_hops_are_a_flow_that_forks_at_each_token() -> None:
    assert picture(Pen(120), TREE) == text(
        """
        SOL ─┬─  62.00 % raydium_amm_v4.SOL-USDC.1 ─→ USDC
             ├─  28.00 % meteora_dlmm.SOL-JUP.1    ─→ JUP ─┬─  70.00 % raydium_clmm.JUP-USDC.1 ─→ USDC
             │                                             └─  30.00 % raydium_cpmm.JUP-USDC.1 ─→ USDC
             └─  10.00 % raydium_cpmm.SOL-USDC.1   ─→ USDC
        """
    )


def test_a_narrower_flow_names_venues_in_place_of_pools() -> None:
    assert picture(Pen(80), TREE) == text(
        """
        SOL ─┬─  62.00 % raydium_amm_v4 ─→ USDC
             ├─  28.00 % meteora_dlmm   ─→ JUP ─┬─  70.00 % raydium_clmm ─→ USDC
             │                                  └─  30.00 % raydium_cpmm ─→ USDC
             └─  10.00 % raydium_cpmm   ─→ USDC
        """
    )


def test_a_token_that_comes_over_two_ways_is_drawn_on_once() -> None:
    assert picture(Pen(120), NETWORK) == text(
        """
        SOL ─┬─  50.00 % raydium_amm_v4 ─→ USDC
             ├─  30.00 % meteora_dlmm   ─→ JUP ↓
             └─  20.00 % raydium_clmm   ─→ BONK ─── 100.00 % raydium_clmm ─→ JUP ─── 100.00 % raydium_cpmm ─→ USDC
        """
    )


def test_what_is_too_wide_for_a_flow_is_bars_for_each_token_sold() -> None:
    assert picture(Pen(80), NETWORK) == text(
        """
        SOL  ─┬─  50.00 %  █████████████               raydium_amm_v4.SOL-USDC.1 ─→ USDC
              ├─  30.00 %  ███████▊                    meteora_dlmm.SOL-JUP.1    ─→ JUP
              └─  20.00 %  █████▎                      raydium_clmm.SOL-BONK.1   ─→ BONK
        BONK ─── 100.00 %  ██████████████████████████  raydium_clmm.BONK-JUP.1   ─→ JUP
        JUP  ─── 100.00 %  ██████████████████████████  raydium_cpmm.JUP-USDC.1   ─→ USDC
        """
    )


def test_legs_that_do_not_hang_together_are_bars() -> None:
    torn = route(leg("raydium_cpmm", "5 SOL -> 798 USDC", 100), leg("raydium_clmm", "1 JUP -> 1 USDC", 100))
    assert [line.split()[0] for line in picture(Pen(120), torn)] == ["SOL", "JUP"]


def test_without_unicode_all_strokes_are_ascii() -> None:
    pen = Pen(80, unicode=False)
    assert picture(pen, DIRECT) == text(
        """
        SOL -+-  60.46 %  ################            raydium_amm_v4.SOL-USDC.1  -> USDC
             +-  39.52 %  ##########                  meteora_damm_v2.SOL-USDC.1 -> USDC
             +-   0.02 %  #                           raydium_cpmm.SOL-USDC.1    -> USDC
        """
    )
    assert picture(pen, TREE) == text(
        """
        SOL -+-  62.00 % raydium_amm_v4 -> USDC
             +-  28.00 % meteora_dlmm   -> JUP -+-  70.00 % raydium_clmm -> USDC
             |                                  +-  30.00 % raydium_cpmm -> USDC
             +-  10.00 % raydium_cpmm   -> USDC
        """
    )
    assert all(line.isascii() for line in picture(Pen(140, unicode=False), NETWORK))


@pytest.mark.parametrize("drawn_route", [DIRECT, TREE, NETWORK], ids=["direct", "tree", "network"])
@pytest.mark.parametrize("width", [80, 100, 120])
def test_a_picture_keeps_to_the_width_and_colour_changes_nothing_but_the_colour(width: int, drawn_route: Route) -> None:
    plain, colored = picture(Pen(width), drawn_route), picture(Pen(width, color=True), drawn_route)
    assert max(map(len, plain)) <= width
    assert [re.sub("\x1b.*?m", "", line) for line in colored] == plain
    assert all("\x1b[2m" in line for line in colored)
