"""The chain: it lands a signature at most once, and never after its last valid slot."""

from collections import Counter
from dataclasses import dataclass

from fillwire_dex import Expired, Landed, LandedLeg, Outcome, Pending, RefusalReason, Refused, Route, Unseen

VALID_SLOTS = 1
LAST_SLOT = 2
"""Nothing new can happen after it."""


@dataclass(frozen=True)
class Signed:
    """A transaction, as far as a worker looks at it."""

    signature: str
    last_valid_slot: int

    @property
    def payload(self) -> bytes:
        return f"{self.signature} {self.last_valid_slot}".encode()

    @classmethod
    def decode(cls, payload: bytes) -> "Signed":
        signature, _, last_valid_slot = payload.decode().partition(" ")
        return cls(signature, int(last_valid_slot))


class Chain:
    """What became of each signature; `late` are the sends that are still on their way."""

    def __init__(self, route: Route) -> None:
        self.route = route
        self.slot = 0
        self.fates: dict[str, str] = {}
        self.last_valid: dict[str, int] = {}
        self.landings: Counter[str] = Counter()
        self.late: list[str] = []

    def key(self) -> tuple[object, ...]:
        """All that the future depends on."""
        fates, landings = sorted(self.fates.items()), sorted(self.landings.items())
        return self.slot, tuple(fates), tuple(landings), tuple(sorted(self.late))

    def sign(self, reference: str, slot: int) -> Signed:
        """The same arguments always give the same signature."""
        signed = Signed(f"{reference.rpartition(':')[2]}@{slot}", slot + VALID_SLOTS)
        self.last_valid[signed.signature] = signed.last_valid_slot
        return signed

    def arrive(self, signature: str) -> None:
        """It gets a transaction; the second time is as good as none."""
        self.fates.setdefault(signature, "pending")

    def land(self, signature: str) -> None:
        """Swaps."""
        self.fates[signature] = "landed"
        self.landings[signature] += 1

    def may_land(self) -> list[str]:
        """The signatures that have arrived and can still land."""
        pending = (signature for signature, fate in sorted(self.fates.items()) if fate == "pending")
        return [signature for signature in pending if self.slot <= self.last_valid[signature]]

    def may_arrive(self) -> list[str]:
        """The signatures that could land if they arrived now."""
        unknown = (signature for signature in sorted(set(self.late)) if signature not in self.fates)
        return [signature for signature in unknown if self.slot <= self.last_valid[signature]]

    def outcome(self, signature: str) -> Outcome:
        """What it tells of a signature."""
        match self.fates.get(signature):
            case None:
                return Unseen(self.slot)
            case "landed":
                return self._landed()
            case "refused":
                return Refused(self.slot, RefusalReason.SLIPPAGE_EXCEEDED, "the price moved")
            case _ if self.slot > self.last_valid[signature]:
                return Expired(self.slot)
            case _:
                return Pending(self.slot)

    def _landed(self) -> Landed:
        legs = (
            LandedLeg(
                leg.pool_id, leg.venue, leg.token_in.mint, leg.token_out.mint,
                leg.amount_in, leg.amount_out, leg.fee_in, leg.fee_out,
            )
            for leg in self.route.legs
        )  # fmt: skip
        return Landed(self.slot, self.route.amount_in, self.route.amount_out, tuple(legs))
