"""In which order swaps follow each other."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from fillwire_dex.routing.graph import SOURCE, TARGET, Graph, Pair


def ranks(pairs: Collection[Pair]) -> dict[int, int] | None:
    """Return how many swaps the longest way to each token takes, in an order of execution; None if there is a cycle.

    Tokens that cannot be reached from the one sold are not in it.
    """
    heads: dict[int, list[int]] = {}
    awaited: dict[int, int] = {}
    for tail, head in pairs:
        heads.setdefault(tail, []).append(head)
        awaited[head] = awaited.get(head, 0) + 1
    longest = {SOURCE: 0}
    ready = [tail for tail in heads if tail not in awaited]
    for tail in ready:
        for head in heads.get(tail, ()):
            awaited[head] -= 1
            if not awaited[head]:
                ready.append(head)
            if tail in longest:
                longest[head] = max(longest.get(head, 0), longest[tail] + 1)
    if any(awaited.values()):
        return None
    return dict(sorted(longest.items(), key=lambda token: (token[1], token[0])))


def by_token(graph: Graph, numbers: Collection[int], *, backwards: bool) -> list[tuple[int, list[int]]]:
    """Return passages by the token they sell, in an order of execution; backwards by the token they buy."""
    order = list(ranks({graph.passages[number].pair for number in numbers}) or ())
    groups: dict[int, list[int]] = {token: [] for token in (reversed(order) if backwards else order)}
    for number in numbers:
        passage = graph.passages[number]
        groups.setdefault(passage.head if backwards else passage.tail, []).append(number)
    return [(token, group) for token, group in groups.items() if group]


def one_way(pairs: Iterable[Pair], max_hops: int) -> set[Pair]:
    """Return as many of the pairs, the first ones first, as make neither a cycle nor a way of more than `max_hops`."""
    kept: set[Pair] = set()
    for pair in pairs:
        if fits({*kept, pair}, max_hops):
            kept.add(pair)
    return kept


def fits(pairs: Collection[Pair], max_hops: int) -> bool:
    """Whether swaps of these pairs can be executed one after the other, on ways of at most `max_hops`."""
    if max_hops > 1 and all(tail == SOURCE or head == TARGET for tail, head in pairs):
        return True
    longest = ranks(pairs)
    return longest is not None and longest.get(TARGET, 0) <= max_hops
