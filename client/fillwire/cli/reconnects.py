"""Says beside the result what the SDK logs about a stream."""

import contextlib
import logging
from collections.abc import Iterator

from fillwire.cli.session import Session

__all__ = ["telling_of_reconnects"]


class _Saying(logging.Handler):
    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session

    def emit(self, record: logging.LogRecord) -> None:
        self._session.say(record.getMessage())


@contextlib.contextmanager
def telling_of_reconnects(session: Session) -> Iterator[None]:
    """For as long as the block runs."""
    handler = _Saying(session)
    logger = logging.getLogger("fillwire.watch")
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
