"""Structured logs: one JSON object a line, one line an event, on standard error.

The event's name comes first in the source; everything a client wrote is a value, never a part of the text.
"""

import logging
import sys
from typing import Any

import msgspec
import structlog

__all__ = ["configure"]


def configure(process: str, *, level: str = "INFO") -> None:
    """Sets the process's logs up; `process` (server, worker, sweeper, triggers) stands in every line."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            _of(process),
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(serializer=_json),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.BytesLoggerFactory(sys.stderr.buffer),
        cache_logger_on_first_use=True,
    )
    for name in ("rq.worker", "rq.job", "rq.scheduler"):  # they tell of every job three times
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(message)s")


def _json(event: object, **_: object) -> bytes:
    return msgspec.json.encode(event, enc_hook=repr)


def _of(process: str) -> structlog.typing.Processor:
    # Not a context variable: threads of the queue start without the context of the main one.
    def name_process(_logger: Any, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
        event["process"] = process
        return event

    return name_process
