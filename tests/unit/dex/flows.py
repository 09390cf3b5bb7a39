"""Networks of curves for tests: built by hand, or drawn about fair prices so that no round trip gains."""

from collections.abc import Sequence
from math import exp, inf
from random import Random

from fillwire_dex import Segment
from fillwire_dex.network import Edge, Solution
from fillwire_dex.route import Mode

Curve = tuple[Segment, ...]


def product(price: float, depth: float) -> Curve:
    return (Segment(price, depth),)


def line(price: float, capacity: float) -> Curve:
    return (Segment(price, inf, capacity),)


def fair_network(
    seed: int, *, tokens: int, pools: int, kinds: str = "product range bins", arbitrage: float = 0.0
) -> list[Edge]:
    """Both directions of `pools` pools that join token 0 with all others.

    Every pool's price is off the fair one by less than its fee, its depth is worth 1e10 to 1e13 of token 0; `arbitrage` puts it off by that much more (of 1).
    """
    random = Random(seed)
    fair = [1.0] + [exp(random.gauss(0, 3)) for _ in range(tokens - 1)]
    pairs = [(0, tokens - 1)] + [(token, token + 1) for token in range(tokens - 1)]
    while len(pairs) < pools:
        one, other = random.sample(range(tokens), 2)
        pairs.append((one, other))
    edges = []
    for one, other in pairs[:pools]:
        fee = random.choice([1e-4, 4e-4, 1e-3, 2.5e-3])
        price = fair[one] / fair[other] * exp(random.uniform(-0.9, 0.9) * fee + random.gauss(0, 1) * arbitrage)
        kind, worth = random.choice(kinds.split()), 10 ** random.uniform(10, 13)
        edges.append(Edge(one, other, _curve(random, kind, price * (1 - fee), worth / fair[one])))
        edges.append(Edge(other, one, _curve(random, kind, (1 - fee) / price, worth / fair[other])))
    return edges


def _curve(random: Random, kind: str, price: float, depth: float) -> Curve:
    if kind == "product":
        return product(price, depth)
    step = random.choice([1e-4, 1e-3, 2.5e-3])
    count = random.randint(10, 40)
    if kind == "bins":
        return tuple(
            Segment(price * exp(-step * place), inf, depth * step * random.uniform(2, 9)) for place in range(count)
        )
    depths = [depth * random.uniform(2, 20) for _ in range(count)]
    return tuple(
        Segment(price * exp(-step * place), each, each * (exp(step / 2) - 1)) for place, each in enumerate(depths)
    )


def sold(curve: Curve, amount: float) -> float:
    """What an amount brings, its segments filled one after the other; what is too much brings nothing."""
    total = 0.0
    for segment in curve:
        taken = min(amount, segment.capacity)
        total += segment.price * taken / (1 + taken / segment.depth)
        amount -= taken
    return total


def left(edges: Sequence[Edge], solution: Solution, tokens: int) -> list[float]:
    """What the flow brings of each token, less what it takes."""
    net = [0.0] * tokens
    for edge, taken, given in zip(edges, solution.inputs, solution.outputs, strict=True):
        net[edge.tail] -= taken
        net[edge.head] += given
    return net


def sent_on(edges: Sequence[Edge], shares: Sequence[float], tokens: int, amount: float, target: int) -> float:
    """What reaches the target when every token's arrivals are sent on, from token 0, in proportion to the shares.

    The edges with a share must not go round.
    """
    used = [number for number, share in enumerate(shares) if share > 0]
    arrived = [0.0] * tokens
    arrived[0] = amount
    waiting = set(range(tokens)) - {target}
    while waiting:
        token = next(
            t for t in sorted(waiting) if not any(edges[n].head == t and edges[n].tail in waiting for n in used)
        )
        waiting.remove(token)
        onward = [number for number in used if edges[number].tail == token]
        total = sum(shares[number] for number in onward)
        for number in onward:
            arrived[edges[number].head] += sold(edges[number].curve, arrived[token] * shares[number] / total)
    return arrived[target]


def asked_for(edges: Sequence[Edge], solution: Solution, tokens: int, mode: Mode) -> float:
    """What the flow brings of the last token, or takes of the first."""
    net = left(edges, solution, tokens)
    return net[tokens - 1] if mode is Mode.EXACT_IN else -net[0]
