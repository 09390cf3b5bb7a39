"""What clients ask for: mostly market orders, and some of the types that wait, near the price of the moment.

A wish is flat, text by name, so that what was asked and what is stored can be compared (`truth.body_of`).
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from google.protobuf.timestamp_pb2 import Timestamp

from fillwire.v1 import order_pb2

__all__ = ["PRICED", "Mid", "Wish", "Wishes", "spec"]

Wish = Mapping[str, str]

Mid = Callable[[str, str], Decimal | None]
"""The mid price of a pair, by symbols; `None`: not known now."""

PRICED: Final = ("LIMIT", "STOP", "TAKE_PROFIT")
"""Types that may rest for ever."""

_PAIRS: Final = (
    ("SOL", "USDC", 1_000_000),
    ("USDC", "SOL", 200_000),
    ("SOL", "JUP", 1_000_000),
    ("JUP", "USDC", 500_000),
)
_DECIMALS: Final = {"SOL": 9, "USDC": 6, "JUP": 6}

_HOPELESS: Final = 0.06
"""How many market orders ask for more than there is."""

_KINDS: Final = {"MARKET": 78, "LIMIT": 6, "IOC": 4, "STOP": 3, "TAKE_PROFIT": 3, "SCHEDULED": 3, "TWAP": 3, "OCO": 2}
_EXACT_OUT: Final = 0.1

_AWAY: Final = {"LIMIT": (-60, 4), "IOC": (-60, 10), "STOP": (-6, 1), "TAKE_PROFIT": (-1, 6)}
"""How far from the mid the price of an order is, in bps; in a minute prices move by 10 to 30."""

_SCHEDULED_SECONDS: Final = (1.0, 3.0)
_AMOUNTS: Final = ("amount_in", "amount_out", "min_amount_out", "max_amount_in", "client_order_id")


class Wishes:
    """The wishes of the client `proc`; without a mid it wishes for market orders only."""

    def __init__(self, proc: str, dice: random.Random, mid: Mid) -> None:
        self._proc = proc
        self._dice = dice
        self._mid = mid

    def next(self) -> Wish:
        """One more order."""
        token_in, token_out, most = self._dice.choice(_PAIRS)
        pair = {"token_in": token_in, "token_out": token_out}
        reference = f"{self._proc}-{self._dice.getrandbits(48):x}"
        [kind] = self._dice.choices(list(_KINDS), list(_KINDS.values()))
        if (mid := self._mid(token_in, token_out)) is None:
            mid, kind = Decimal(0), "MARKET"
        wish = {**pair, "client_order_id": reference, **self._kind(kind, mid)}
        amount = self._dice.randint(most // 2, most)
        if mid and kind in {"MARKET", "LIMIT"} and self._dice.random() < _EXACT_OUT:
            scale = Decimal(10) ** (_DECIMALS[token_out] - _DECIMALS[token_in])
            return {**wish, "amount_out": str(int(amount * mid * scale)), **self._slippage(kind)}
        wish["amount_in"] = str(amount)
        if kind == "MARKET" and self._dice.random() < _HOPELESS:
            return {**wish, "min_amount_out": str(10**15)}
        return {**wish, **self._slippage(kind)}

    def moved(self, wish: Wish) -> Wish | None:
        """The same order at another price; `None`: nobody knows the prices now."""
        mid = self._mid(wish["token_in"], wish["token_out"])
        return None if mid is None else {**wish, "price": self._price(wish["type"], mid)}

    def _slippage(self, kind: str) -> dict[str, str]:
        return {} if kind in {"LIMIT", "IOC"} else {"slippage_bps": str(self._dice.choice((50, 500, 5000)))}

    def _kind(self, kind: str, mid: Decimal) -> dict[str, str]:
        """The type, and what orders of it wait for."""
        match kind:
            case "MARKET":
                return {"type": kind, "time_in_force": "IOC"}
            case "IOC":
                return {"type": "LIMIT", "time_in_force": "IOC", "price": self._price(kind, mid)}
            case "SCHEDULED":
                at = time.time() + self._dice.uniform(*_SCHEDULED_SECONDS)
                return {"type": kind, "time_in_force": "GTC", "at_us": str(round(at * 1e6))}
            case "TWAP":
                slices = str(self._dice.choice((2, 2, 3)))
                return {"type": kind, "time_in_force": "GTC", "slices": slices, "interval_ms": "1000"}
            case "OCO":
                # Never withdrawn at the end: met as soon as somebody looks, it is stuck where nobody does.
                prices = {"price": _text(mid * 3), "stop_price": _text(mid * Decimal("1.05"))}
                return {"type": kind, "time_in_force": "GTC", **prices}
            case _:
                return {"type": kind, "time_in_force": "GTC", "price": self._price(kind, mid)}

    def _price(self, kind: str, mid: Decimal) -> str:
        away = Decimal(self._dice.uniform(*_AWAY[kind])) / 10_000
        return _text(mid * (1 + away))


def spec(wish: Wish) -> order_pb2.OrderSpec:
    """A wish as the contract has it."""
    told: dict[str, Any] = {name: wish[name] for name in ("token_in", "token_out", *_AMOUNTS) if name in wish}
    if "slippage_bps" in wish:
        told["slippage_bps"] = int(wish["slippage_bps"])
    told["time_in_force"] = f"TIME_IN_FORCE_{wish['time_in_force']}"
    return order_pb2.OrderSpec(**told, **_type(wish))


def _text(price: Decimal) -> str:
    return f"{round(price, 12).normalize():f}"


def _type(wish: Wish) -> dict[str, Any]:
    match wish["type"]:
        case "LIMIT":
            return {"limit": order_pb2.LimitOrder(limit_price=wish["price"])}
        case "STOP":
            return {"stop": order_pb2.StopOrder(trigger_price=wish["price"])}
        case "TAKE_PROFIT":
            return {"take_profit": order_pb2.TakeProfitOrder(trigger_price=wish["price"])}
        case "OCO":
            limit, stop = wish["price"], wish["stop_price"]
            oco = order_pb2.OcoOrder(
                limit=order_pb2.LimitOrder(limit_price=limit), stop=order_pb2.StopOrder(trigger_price=stop)
            )
            return {"oco": oco}
        case "SCHEDULED":
            at = Timestamp()
            at.FromMicroseconds(int(wish["at_us"]))
            return {"scheduled": order_pb2.ScheduledOrder(execute_time=at)}
        case "TWAP":
            twap = order_pb2.TwapOrder(slices=int(wish["slices"]))
            twap.interval.FromMilliseconds(int(wish["interval_ms"]))
            return {"twap": twap}
        case _:
            return {"market": order_pb2.MarketOrder()}
