"""What keeps a stack from starting; each message says what to do.

StackError
├── AlreadyRunning      another process holds the state: stop it, or use another FILLWIRE_STATE_DIR
├── BinaryMissing       no server program on this machine: install one, or give a URL
├── DataIncompatible    the data was written by another major version: dump and load
├── EngineUnknown       a command was not told where the engine is, and finds none here
├── NotStarted          a process ended or stayed silent while it started: its log says why
└── Unreachable         the user that the stores run as cannot get at their directory: use another one
"""

__all__ = [
    "AlreadyRunning",
    "BinaryMissing",
    "DataIncompatible",
    "EngineUnknown",
    "NotStarted",
    "PortTaken",
    "StackError",
    "Unreachable",
]


class StackError(Exception):
    """The stack cannot start."""


class AlreadyRunning(StackError):
    """Another process holds the state directory."""


class BinaryMissing(StackError):
    """The program of a store is nowhere to be found."""


class DataIncompatible(StackError):
    """The data directory belongs to another major version of its server."""


class EngineUnknown(StackError):
    """Neither the environment nor the state directory says what a command must know."""


class NotStarted(StackError):
    """A process did not become ready."""


class PortTaken(StackError):
    """Another program listens on a port that was asked for."""


class Unreachable(StackError):
    """A directory is closed to the user that a store runs as."""
