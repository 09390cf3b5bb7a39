"""What is said about a route: its proof, its legs and the pools that lost, to the letter."""

from fillwire.cli.candidates import lay_out_candidates
from fillwire.cli.pen import Pen
from fillwire.cli.routes import lay_out_route, proof
from fillwire.cli.tables import Column, lay_out, lay_out_facts
from tests.unit.client.routes import DIRECT, TREE, amount, candidate, leg, route
from tests.unit.client.text import text


def test_the_proof_says_what_it_gives_and_how_good_that_is() -> None:
    assert lay_out_facts(proof(Pen(80), DIRECT)) == text(
        """
        gives            798.12 USDC for 5 SOL
        price impact     17.25 bps
        best pool alone  797.4 USDC, raydium_amm_v4.SOL-USDC.1
        gained on it     9.03 bps
        never more than  798.1204 USDC; the route is 0.0050 bps below
        routed in        420 µs, on the pools of slot 77
        """
    )


def test_the_proof_of_an_exact_output_is_about_what_it_takes() -> None:
    bound, single = amount("4.9999", "SOL"), amount("5.01", "SOL")
    pools = (candidate("raydium_cpmm.SOL-USDC.1", "outpriced", "798.12 USDC", 20, amount_in=single),)
    found = route(
        leg("raydium_cpmm", "5 SOL -> 798.12 USDC", 100),
        candidates=pools,
        exact_out=True,
        bound=bound,
        best_single=single,
        gap_bps=0.2,
    )
    assert lay_out_facts(proof(Pen(80, unicode=False), found)) == text(
        """
        takes            5 SOL for 798.12 USDC
        price impact     17.25 bps
        best pool alone  5.01 SOL, raydium_cpmm.SOL-USDC.1
        gained on it     19.96 bps
        never less than  4.9999 SOL; the route is 0.2000 bps above
        routed in        420 us, on the pools of slot 77
        """
    )
    assert lay_out_candidates(Pen(70), found, fold=True)[:2] == text(
        """
        POOL                     ALONE TAKES SOL  BEHIND BPS  VERDICT
        raydium_cpmm.SOL-USDC.1             5.01       20.00  outpriced
        """
    )


def test_no_pool_may_be_able_to_take_it_all_alone() -> None:
    assert ("best pool alone", "none can fill it alone") in proof(Pen(80), route(best_single=None))


def test_the_legs_the_picture_and_the_losers_follow_each_other() -> None:
    assert lay_out_route(Pen(80), DIRECT, fold=True) == text(
        """
        LEG                           SHARE         IN          OUT  FEE BPS
        raydium_amm_v4.SOL-USDC.1   60.46 %  3.023 SOL  482.54 USDC    25.00
        meteora_damm_v2.SOL-USDC.1  39.52 %  1.976 SOL  315.42 USDC    10.00
        raydium_cpmm.SOL-USDC.1      0.02 %  0.001 SOL    0.16 USDC    25.00

        SOL ─┬─  60.46 %  ███████████████▊            raydium_amm_v4.SOL-USDC.1  ─→ USDC
             ├─  39.52 %  ██████████▎                 meteora_damm_v2.SOL-USDC.1 ─→ USDC
             └─   0.02 %  ▏                           raydium_cpmm.SOL-USDC.1    ─→ USDC

        POOL                        ALONE GIVES USDC  BEHIND BPS  VERDICT
        raydium_amm_v4.SOL-USDC.1              797.4        9.02  used
        meteora_damm_v2.SOL-USDC.1            790.01      101.61  used
        raydium_cpmm.SOL-USDC.1                    -           -  used
        raydium_clmm.SOL-USDC.2                  797       14.03  max_legs
        raydium_clmm.SOL-USDC.3                  780      227.03  outpriced
        raydium_cpmm.SOL-USDC.9                  700     1229.30  outpriced
        raydium_cpmm.SOL-USDC.7                    -           -  insufficient_liquidity
        meteora_dlmm.SOL-USDC.4                    -           -  excluded
        max_legs: it would gain, but others gain more and a route has only so many legs
        outpriced: its first unit is dearer than the last one of the legs
        insufficient_liquidity: it holds too little even for a share
        excluded: the request leaves its venue out
        """
    )


def test_a_wider_terminal_sees_the_pair_of_each_leg() -> None:
    assert lay_out_route(Pen(100), TREE, fold=True)[:3] == text(
        """
        LEG                        PAIR           SHARE       IN         OUT  FEE BPS
        raydium_amm_v4.SOL-USDC.1  SOL -> USDC  62.00 %  3.1 SOL  494.9 USDC    25.00
        meteora_dlmm.SOL-JUP.1     SOL -> JUP   28.00 %  1.4 SOL     350 JUP    25.00
        """
    )


LOSERS = [candidate(f"raydium_cpmm.SOL-USDC.{number}", "outpriced", "790 USDC", number) for number in range(10, 20)]
MANY = route(candidates=(*LOSERS, *DIRECT.candidates))


def test_a_long_list_of_losers_is_folded_and_says_so() -> None:
    lines = lay_out_candidates(Pen(80), MANY, fold=True)
    assert len([line for line in lines if line.endswith(("used", "max_legs", "outpriced"))]) == 3 + 8
    assert "and 7 more (5 outpriced, 1 insufficient_liquidity, 1 excluded); --all shows them" in lines
    assert not any(line.startswith("excluded:") for line in lines)


def test_unfolded_every_pool_is_shown_the_least_behind_first() -> None:
    lines = lay_out_candidates(Pen(80), MANY, fold=False)
    assert len(lines) == 1 + 18 + 4
    outpriced = [float(line.split()[2]) for line in lines if line.endswith(" outpriced")]
    assert outpriced == sorted(outpriced)
    assert "--all" not in "".join(lines)


def test_a_single_row_too_many_is_not_folded() -> None:
    nine = route(candidates=tuple(LOSERS[:9]))
    assert len([line for line in lay_out_candidates(Pen(80), nine, fold=True) if line.endswith(" outpriced")]) == 9


def test_haircuts_have_a_column_where_there_are_any() -> None:
    trusted = candidate("raydium_cpmm.SOL-USDC.1", alone="797 USDC", behind_bps=1)
    distrusted = candidate("meteora_dlmm.SOL-USDC.1", "outpriced", "796 USDC", 14, haircut_bps=2.5)
    assert lay_out_candidates(Pen(80), route(candidates=(trusted, distrusted)), fold=True)[:3] == text(
        """
        POOL                     ALONE GIVES USDC  BEHIND BPS  HAIRCUT BPS  VERDICT
        raydium_cpmm.SOL-USDC.1               797        1.00         0.00  used
        meteora_dlmm.SOL-USDC.1               796       14.00         2.50  outpriced
        """
    )


def test_a_reason_newer_than_the_sdk_comes_last_and_without_a_meaning() -> None:
    pools = (candidate("a.SOL-USDC.1", "moonphase"), candidate("b.SOL-USDC.1", "outpriced"))
    lines = lay_out_candidates(Pen(80), route(candidates=pools), fold=True)
    assert [line.split()[-1] for line in lines[1:3]] == ["outpriced", "moonphase"]
    assert not any(line.startswith("moonphase:") for line in lines)


def test_losers_are_dimmed_where_that_can_be_seen() -> None:
    lines = lay_out_candidates(Pen(80, color=True), DIRECT, fold=True)
    assert "\x1b[2m" not in lines[1]
    assert "\x1b[2moutpriced\x1b[0m" in lines[5]


def test_spare_columns_are_left_out_from_the_right_until_the_table_fits() -> None:
    columns = (Column("A"), Column("BB", spare=True), Column("CCC", spare=True), Column("D", number=True))
    rows = [("a", "b", "c", "10")]
    assert lay_out(Pen(14), columns, rows) == ["A  BB  CCC   D", "a  b   c    10"]
    assert lay_out(Pen(13), columns, rows) == ["A  BB   D", "a  b   10"]
    assert lay_out(Pen(5), columns, rows) == ["A   D", "a  10"]
