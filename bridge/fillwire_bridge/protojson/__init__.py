"""Messages of the contract as JSON, and back: ProtoJSON (protobuf.dev/programming-guides/json), read strictly."""

from fillwire_bridge.protojson.reading import loads, message
from fillwire_bridge.protojson.writing import text

__all__ = ["loads", "message", "text"]
