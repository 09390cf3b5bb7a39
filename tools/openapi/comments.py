"""The comments of the contract, by the full names of what they stand before."""

import tempfile
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from google.protobuf.descriptor_pb2 import FileDescriptorProto, FileDescriptorSet
from grpc_tools import protoc  # type: ignore[import-untyped]

__all__ = ["comments"]

_PROTO: Final = Path(__file__).parents[2] / "proto"

_INSIDE: Final[Mapping[str, Mapping[int, str]]] = {
    "file": {4: "message_type", 5: "enum_type", 6: "service"},
    "message_type": {2: "field", 3: "nested_type", 4: "enum_type", 8: "oneof_decl"},
    "nested_type": {2: "field", 3: "nested_type", 4: "enum_type", 8: "oneof_decl"},
    "enum_type": {2: "value"},
    "service": {2: "method"},
}
"""What the numbers of a path in SourceCodeInfo mean, by what they are found in."""


def comments() -> Mapping[str, str]:
    """Such as {"fillwire.v1.Order.order_id": "The engine's id of the order, a UUID."}; paragraphs are apart by an empty line."""
    return {name: text for file in _described().file for name, text in _comments(file)}


def _described() -> FileDescriptorSet:
    sources = sorted(str(path.relative_to(_PROTO)) for path in _PROTO.rglob("*.proto"))
    well_known = files("grpc_tools") / "_proto"
    with tempfile.NamedTemporaryFile() as out:
        options = ["--include_source_info", f"--descriptor_set_out={out.name}"]
        if protoc.main(["protoc", f"-I{_PROTO}", f"-I{well_known}", *options, *sources]):
            raise ValueError("the contract does not compile")
        return FileDescriptorSet.FromString(Path(out.name).read_bytes())


def _comments(file: FileDescriptorProto) -> Iterator[tuple[str, str]]:
    for location in file.source_code_info.location:
        name = _name(file, list(location.path))
        if name and location.leading_comments:
            yield f"{file.package}.{name}", _text(location.leading_comments)


def _name(file: FileDescriptorProto, path: list[int]) -> str:
    """What a path leads to, "Order.order_id"; empty: to nothing that has a name."""
    here: Any = file
    kind, names = "file", []
    while path:
        kind = _INSIDE.get(kind, {}).get(path[0], "")
        if not kind or len(path) < 2:
            return ""
        here = getattr(here, kind)[path[1]]
        names.append(here.name)
        path = path[2:]
    return ".".join(names)


def _text(comment: str) -> str:
    paragraphs = comment.strip("\n").split("\n \n") if "\n \n" in comment else comment.strip("\n").split("\n\n")
    return "\n\n".join(" ".join(line.strip() for line in paragraph.splitlines()) for paragraph in paragraphs)
