"""What a conversation is made of."""

from collections.abc import Generator
from typing import Any, TypeAlias, TypeVar

from google.protobuf.message import Message

from fillwire.wire.methods import Call, Method

__all__ = ["Steps", "ask"]

R = TypeVar("R")
M = TypeVar("M", bound=Message)

Steps: TypeAlias = Generator[Call[Any], Any, R]
"""A conversation that ends in an R."""


def ask(method: Method[M], request: Message) -> Steps[M]:
    """One call and its answer."""
    answer: M = yield Call(method, request)
    return answer
