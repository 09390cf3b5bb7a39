"""Exit codes, and what is said when a command fails."""

from typing import Final

from fillwire import errors
from fillwire.errors import ApiError, FillwireError
from fillwire.status import Status

__all__ = ["CODES", "INTERRUPTED", "exit_code", "explain", "of_status"]

CODES: Final[dict[type[FillwireError], int]] = {
    errors.OrderFailed: 1,
    errors.InvalidRequest: 2,
    errors.OutOfRange: 2,
    errors.WebhookNotVerified: 2,
    errors.NotFound: 3,
    errors.Unavailable: 4,
    errors.RateLimited: 4,
    errors.Unauthenticated: 5,
    errors.PermissionDenied: 5,
    errors.DeadlineExceeded: 6,
    errors.AlreadyExists: 7,
    errors.Aborted: 7,
}
"""What is not listed is 1."""

INTERRUPTED: Final = 130
"""Ctrl-C, as shells have it."""


def exit_code(error: FillwireError) -> int:
    """The code of an error, or of the nearest of its bases that has one."""
    return next((CODES[kind] for kind in type(error).__mro__ if kind in CODES), 1)


def of_status(status: Status | None) -> int:
    """The code of an order that ended so."""
    return 0 if status is Status.CONFIRMED else 1


def explain(error: FillwireError, target: str) -> str:
    """The error for people: what is wrong, one line for each bad field, and what can be done."""
    if not isinstance(error, ApiError):
        return f"error: {error}"
    # A message about fields repeats them; a line for each is easier to read.
    lines = ["error: the request is not valid" if error.violations else f"error: {error.message}"]
    lines += [f"  {violation.field}: {violation.description}" for violation in error.violations]
    lines += [f"  request id: {error.request_id}"] if isinstance(error, errors.Internal) and error.request_id else []
    return "\n".join(lines + _advice(error, target))


def _advice(error: ApiError, target: str) -> list[str]:
    match error:
        case errors.Unavailable():
            return [
                f"The engine at {target} cannot be reached or cannot answer.",
                "`fillwire up` starts one on this machine; --target or FILLWIRE_TARGET names another.",
            ]
        case errors.Unauthenticated() | errors.PermissionDenied():
            return ["--token or FILLWIRE_TOKEN gives the token."]
        case errors.RateLimited() if error.retry_after is not None:
            return [f"Try again in {error.retry_after:g} s."]
        case errors.DeadlineExceeded():
            return [f"{target} did not answer in time; --timeout gives it more."]
        case _:
            return []
