"""Messages of the contract as JSON, and back: ProtoJSON (protobuf.dev/programming-guides/json), read strictly."""

from fillwire_bridge.protojson.reading import loads, merge, message
from fillwire_bridge.protojson.writing import dumps, text, written

__all__ = ["dumps", "loads", "merge", "message", "text", "written"]
