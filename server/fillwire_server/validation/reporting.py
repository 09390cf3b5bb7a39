"""Of which executions to report."""

from datetime import UTC, datetime, timedelta
from typing import Final, Literal

from fillwire.v1 import order_service_pb2 as pb
from fillwire_orders import Period
from fillwire_server.validation.form import Form

__all__ = ["period"]

_USUAL: Final = timedelta(days=7)
_LONGEST: Final = timedelta(days=366)
_EARLIEST: Final = datetime.min.replace(tzinfo=UTC) + _USUAL
# The database's clock may be ahead of this server's: what is confirmed by now must not be left out.
_AHEAD: Final = timedelta(minutes=1)


def period(request: pb.ReportExecutionRequest, *, now: datetime) -> Period:
    """Reads a request to report; raises `InvalidRequest`."""
    form = Form()
    before = _moment(form, request, "confirm_time_before")
    until = before or now
    since = _moment(form, request, "confirm_time_from") or max(until, _EARLIEST) - _USUAL
    if since >= until:
        form.refuse("confirm_time_from", "must be before confirm_time_before, which is now where it is not given")
    elif until - since > _LONGEST:
        form.refuse("confirm_time_from", f"must be at most {_LONGEST.days} days before confirm_time_before")
    wanted = Period(
        confirmed_from=since,
        confirmed_before=before or now + _AHEAD,
        token_in=form.token("token_in", request.token_in) if request.token_in else None,
        token_out=form.token("token_out", request.token_out) if request.token_out else None,
    )
    form.check()
    return wanted


def _moment(
    form: Form, request: pb.ReportExecutionRequest, field: Literal["confirm_time_from", "confirm_time_before"]
) -> datetime | None:
    return form.moment(field, getattr(request, field)) if request.HasField(field) else None
