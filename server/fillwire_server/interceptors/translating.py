"""Turns exceptions into what the client is told."""

from typing import Any, Final

import grpc
import structlog

from fillwire_server import errors
from fillwire_server.interceptors.call import Call, Method, Step

__all__ = ["layer"]

log = structlog.get_logger()

# A servicer's context gives the code as gRPC's core has it, a number, or as the servicer gave it, a StatusCode.
_CODES: Final[dict[Any, grpc.StatusCode]] = {known: code for code in grpc.StatusCode for known in (code, code.value[0])}


def layer(method: Method, step: Step) -> Step:
    """Ends the call as the table of `errors` says; what has no row there is logged with its traceback."""

    async def translated(call: Call) -> None:
        try:
            await step(call)
        except grpc.aio.AbortError:  # a servicer that is not ours has answered by itself
            call.code = _CODES[call.context.code()]
            raise
        except grpc.aio.InternalError:  # a frame could not be sent: the client is gone, and nobody is there to be told
            call.code = grpc.StatusCode.CANCELLED
        except Exception as error:  # noqa: BLE001 - the top of every call
            status = _told(error, call.request_id, method)
            call.code = status.code
            # What other layers have to tell goes with it; a status by itself would replace that.
            trailing = (*status.trailing_metadata, *(call.context.trailing_metadata() or ()))
            await call.context.abort(status.code, status.details, trailing)

    return translated


def _told(error: Exception, request_id: str, method: Method) -> grpc.Status:
    row = errors.row_of(error)
    if row is not None:
        return errors.told(row, error)
    log.error("rpc_failed", method=method.path, exc_info=error)
    return errors.internal(request_id)
