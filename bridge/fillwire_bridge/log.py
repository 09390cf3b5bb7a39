"""Structured logs: one JSON object a line, one line an event, on standard error."""

import logging
import sys
from typing import Any

import structlog

__all__ = ["configure"]


def configure(*, level: str = "INFO") -> None:
    """Sets the process's logs up, in the form of the engine's."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            _name_process,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(message)s")
    # It warns of every request that is none, at anybody's wish.
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)


def _name_process(_logger: Any, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    event["process"] = "bridge"
    return event
