"""A watch gives every event once and in order, whatever becomes of its connections."""

import queue
from typing import Any

import grpc
import pytest

import fillwire
from fillwire.v1 import order_service_pb2
from tests.unit.client.messages import (
    ORDER_ID,
    ORDERS,
    STEPS,
    event,
    heartbeat,
    info,
    order,
    retry_info,
    snapshot,
)
from tests.unit.client.wires import PATIENCE, Background, Wires, end


class Viewer:
    """Reads a watch beside the test, which can wait for each event."""

    def __init__(self, watch: fillwire.Watch) -> None:
        self.watch = watch
        self._seen: queue.Queue[int] = queue.Queue()
        self._reading = Background(self._read)

    def _read(self) -> None:
        for step in self.watch:
            self._seen.put(step.seq)

    def saw(self, *seqs: int) -> None:
        """Waits until these events were given, and checks that they are the next ones."""
        assert [self._seen.get(timeout=PATIENCE) for _ in seqs] == list(seqs)

    def ended(self) -> None:
        """Waits for the end of the watch; raises what it raised. Nothing else was seen."""
        self._reading.result()
        assert self._seen.empty()


@pytest.fixture
def wires() -> Wires:
    return Wires()


def watch(wires: Wires, **options: Any) -> Viewer:
    return Viewer(wires.client.watch(ORDER_ID, **options))


def opened(wires: Wires, *frames: order_service_pb2.WatchOrderResponse) -> tuple[Any, Any]:
    """The next connection of a watch, with its first frames sent: what it asked for, and the engine's end."""
    _, request, stream = wires.take(ORDERS, "WatchOrder")
    for frame in frames:
        stream.send_response(frame)
    return request, stream


def finish(stream: Any, *frames: order_service_pb2.WatchOrderResponse) -> None:
    for frame in frames:
        stream.send_response(frame)
    end(stream, grpc.StatusCode.OK)


def test_a_watch_gives_all_events_and_ends_after_the_final_one(wires: Wires) -> None:
    viewer = watch(wires)
    request, _ = opened(wires, snapshot(), *(event(seq) for seq in range(1, 6)))
    viewer.saw(1, 2, 3, 4, 5)
    viewer.ended()
    assert (request.order_id, request.after_seq, request.HasField("after_seq")) == (ORDER_ID, 0, True)


def test_a_watch_tells_where_it_stands(wires: Wires) -> None:
    viewer = watch(wires)
    assert (viewer.watch.order_id, viewer.watch.last_seq, viewer.watch.snapshot) == (ORDER_ID, 0, None)
    opened(wires, snapshot("ROUTING", 2), event(1), event(2), event(3))
    viewer.saw(1, 2, 3)
    assert viewer.watch.last_seq == 3
    assert viewer.watch.status is fillwire.Status.BUILDING
    assert viewer.watch.snapshot is not None
    assert viewer.watch.snapshot.status is fillwire.Status.ROUTING
    viewer.watch.close()
    viewer.ended()


@pytest.mark.parametrize("cut", range(5))
def test_a_lost_connection_is_resumed_after_the_last_event(cut: int, wires: Wires) -> None:
    viewer = watch(wires)
    _, stream = opened(wires, snapshot(), *(event(seq) for seq in range(1, cut + 1)))
    viewer.saw(*range(1, cut + 1))
    end(stream, grpc.StatusCode.UNAVAILABLE)
    request, _ = opened(wires, snapshot(STEPS[4], 5), *(event(seq) for seq in range(cut + 1, 6)))
    assert request.after_seq == cut
    viewer.saw(*range(cut + 1, 6))
    viewer.ended()


def test_events_seen_before_are_not_given_again(wires: Wires) -> None:
    viewer = watch(wires)
    _, stream = opened(wires, snapshot(), event(1), event(2))
    viewer.saw(1, 2)
    end(stream, grpc.StatusCode.UNAVAILABLE)
    opened(wires, snapshot(), event(1), event(2), event(2), *(event(seq) for seq in range(3, 6)))
    viewer.saw(3, 4, 5)
    viewer.ended()


@pytest.mark.parametrize("ahead", [event(4), heartbeat(3)], ids=["event", "heartbeat"])
def test_a_gap_is_filled_from_the_log(ahead: order_service_pb2.WatchOrderResponse, wires: Wires) -> None:
    viewer = watch(wires)
    opened(wires, snapshot(), event(1), event(2), ahead)
    viewer.saw(1, 2)
    request, _ = opened(wires, snapshot(), event(3), event(4), event(5))
    assert request.after_seq == 2
    viewer.saw(3, 4, 5)
    viewer.ended()


def test_a_stream_that_ends_before_the_order_is_resumed(wires: Wires) -> None:
    viewer = watch(wires)
    _, stream = opened(wires, snapshot(), event(1))
    viewer.saw(1)
    end(stream, grpc.StatusCode.OK)
    request, _ = opened(wires, snapshot(), *(event(seq) for seq in range(2, 6)))
    assert request.after_seq == 1
    viewer.saw(2, 3, 4, 5)
    viewer.ended()


def test_a_connection_without_a_frame_for_three_heartbeats_is_given_up_and_resumed(
    wires: Wires, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="fillwire.watch")
    before = wires.clock.readings
    viewer = watch(wires, heartbeat_seconds=10.0)
    request, _ = opened(wires, snapshot(), event(1))
    viewer.saw(1)
    wires.clock.wait_for_readings(before + 3)  # the third wait for a frame has begun
    assert request.heartbeat_interval.seconds == 10
    alarm = wires.clock.alarms[-1]
    assert alarm.seconds == 30.0
    wires.clock.time += 30.0
    alarm.ring()
    request, _ = opened(wires, snapshot(), *(event(seq) for seq in range(2, 6)))
    assert request.after_seq == 1
    viewer.saw(2, 3, 4, 5)
    viewer.ended()
    assert [record.getMessage() for record in caplog.records] == [
        f"watch of order {ORDER_ID} is cut off (SILENT); resuming after seq 1 in 0.1 s"
    ]


def test_a_heartbeat_keeps_a_connection_alive(wires: Wires) -> None:
    viewer = watch(wires, heartbeat_seconds=10.0)
    _, stream = opened(wires, snapshot(), event(1))
    viewer.saw(1)
    wires.clock.time += 29.0
    stream.send_response(event(2))
    viewer.saw(2)
    wires.clock.time += 1.0
    wires.clock.alarms[-1].ring()
    finish(stream, event(3), event(4), event(5))
    viewer.saw(3, 4, 5)
    viewer.ended()


TERMINATING = {
    grpc.StatusCode.INVALID_ARGUMENT: fillwire.InvalidRequest,
    grpc.StatusCode.NOT_FOUND: fillwire.NotFound,
    grpc.StatusCode.ALREADY_EXISTS: fillwire.AlreadyExists,
    grpc.StatusCode.FAILED_PRECONDITION: fillwire.FailedPrecondition,
    grpc.StatusCode.OUT_OF_RANGE: fillwire.OutOfRange,
    grpc.StatusCode.UNAUTHENTICATED: fillwire.Unauthenticated,
    grpc.StatusCode.PERMISSION_DENIED: fillwire.PermissionDenied,
    grpc.StatusCode.UNIMPLEMENTED: fillwire.Unimplemented,
}
PASSING = [code for code in grpc.StatusCode if code not in {grpc.StatusCode.OK, *TERMINATING}]


@pytest.mark.parametrize(("code", "kind"), TERMINATING.items())
def test_what_asking_again_cannot_mend_is_raised(
    code: grpc.StatusCode, kind: type[fillwire.ApiError], wires: Wires
) -> None:
    viewer = watch(wires)
    _, stream = opened(wires, snapshot(), event(1))
    viewer.saw(1)
    end(stream, code)
    with pytest.raises(kind):
        viewer.ended()


@pytest.mark.parametrize("code", PASSING)
def test_everything_else_passes(code: grpc.StatusCode, wires: Wires) -> None:
    viewer = watch(wires)
    _, stream = opened(wires, snapshot(), event(1))
    viewer.saw(1)
    end(stream, code)
    opened(wires, snapshot(), *(event(seq) for seq in range(2, 6)))
    viewer.saw(2, 3, 4, 5)
    viewer.ended()


def test_the_pause_before_a_new_connection_grows_until_an_event_comes(wires: Wires) -> None:
    viewer = watch(wires)
    _, stream = opened(wires, snapshot(), event(1))
    viewer.saw(1)
    for _ in range(3):
        end(stream, grpc.StatusCode.UNAVAILABLE)
        _, stream = opened(wires)
    stream.send_response(snapshot())
    stream.send_response(event(2))
    viewer.saw(2)
    end(stream, grpc.StatusCode.UNAVAILABLE)
    opened(wires, snapshot(), event(3), event(4), event(5))
    viewer.saw(3, 4, 5)
    viewer.ended()
    assert wires.clock.slept == [pytest.approx(0.1 * factor) for factor in (1, 2, 4, 1)]


def test_a_draining_engine_is_given_the_time_it_asks_for_and_with_the_worst_luck_as_long_again(wires: Wires) -> None:
    viewer = watch(wires)
    _, stream = opened(wires, snapshot(), event(1))
    viewer.saw(1)
    end(stream, grpc.StatusCode.UNAVAILABLE, "bye", info("SERVER_DRAINING"), retry_info(1.0))
    opened(wires, snapshot(), *(event(seq) for seq in range(2, 6)))
    viewer.saw(2, 3, 4, 5)
    viewer.ended()
    assert wires.clock.slept == [2.0]


def test_an_engine_that_was_never_reached_is_not_asked_for_ever() -> None:
    wires = Wires(max_retries=2)
    viewer = watch(wires)
    for _ in range(3):
        end(opened(wires)[1], grpc.StatusCode.UNAVAILABLE)
    with pytest.raises(fillwire.Unavailable):
        viewer.ended()


def test_an_engine_that_was_reached_once_is_asked_until_the_order_ends() -> None:
    wires = Wires(max_retries=0)
    viewer = watch(wires)
    _, stream = opened(wires, snapshot(), event(1))
    viewer.saw(1)
    for _ in range(20):
        end(stream, grpc.StatusCode.UNAVAILABLE)
        _, stream = opened(wires)
    finish(stream, snapshot(), *(event(seq) for seq in range(2, 6)))
    viewer.saw(2, 3, 4, 5)
    viewer.ended()
    assert max(wires.clock.slept) == 5.0


def test_a_watch_has_no_time_limit_but_its_own(wires: Wires) -> None:
    viewer = watch(wires, timeout=60.0)
    _, stream = opened(wires, snapshot(), event(1))
    viewer.saw(1)
    wires.clock.time += 60.0
    end(stream, grpc.StatusCode.DEADLINE_EXCEEDED)
    with pytest.raises(fillwire.DeadlineExceeded, match="PENDING"):
        viewer.ended()


def test_a_watch_from_now_on_gives_only_what_comes_after_the_snapshot(wires: Wires) -> None:
    viewer = watch(wires, after_seq=None)
    request, stream = opened(wires, snapshot("BUILDING", 3), event(4))
    assert not request.HasField("after_seq")
    viewer.saw(4)
    end(stream, grpc.StatusCode.UNAVAILABLE)
    request, _ = opened(wires, snapshot("SUBMITTED", 4), event(5))
    assert request.after_seq == 4
    viewer.saw(5)
    viewer.ended()


def test_a_watch_can_begin_after_an_event_seen_before(wires: Wires) -> None:
    viewer = watch(wires, after_seq=3)
    request, _ = opened(wires, snapshot("CONFIRMED", 5), event(4), event(5))
    assert request.after_seq == 3
    viewer.saw(4, 5)
    viewer.ended()


def test_a_watch_after_the_final_event_ends_at_once_with_the_snapshot(wires: Wires) -> None:
    viewer = watch(wires, after_seq=5)
    opened(wires, snapshot("CONFIRMED", 5))
    viewer.ended()
    assert viewer.watch.status is fillwire.Status.CONFIRMED


def test_a_cursor_beyond_the_log_of_an_order_that_has_ended_is_out_of_range(wires: Wires) -> None:
    viewer = watch(wires, after_seq=9)
    _, stream = opened(wires, snapshot("CONFIRMED", 5))
    end(stream, grpc.StatusCode.OUT_OF_RANGE)
    with pytest.raises(fillwire.OutOfRange):
        viewer.ended()


def test_a_closed_watch_ends_and_gives_its_stream_back(wires: Wires) -> None:
    viewer = watch(wires)
    _, stream = opened(wires, snapshot(), event(1))
    viewer.saw(1)
    with viewer.watch:
        pass
    viewer.ended()
    assert stream._rpc_state._code is grpc.StatusCode.CANCELLED
    assert all(alarm.cancelled for alarm in wires.clock.alarms)


def test_a_status_newer_than_the_sdk_is_unknown_and_may_be_the_last(wires: Wires) -> None:
    viewer = watch(wires)
    newer = event(2, "ROUTING")
    newer.event.MergeFromString(b"\x18\x63")  # status = 99, as it would come
    _, stream = opened(wires, snapshot(), event(1), newer)
    viewer.saw(1, 2)
    assert viewer.watch.status is fillwire.Status.UNKNOWN
    end(stream, grpc.StatusCode.OK)
    viewer.ended()


def test_wait_asks_for_the_end_alone_and_gives_the_order(wires: Wires) -> None:
    waiting = wires.begin(lambda: wires.client.wait(ORDER_ID))
    request, _ = opened(wires, snapshot(), event(5))
    assert request.terminal_only
    wires.answer(ORDERS, "GetOrder", order_service_pb2.GetOrderResponse(order=order("CONFIRMED", 5)))
    assert waiting.result().status is fillwire.Status.CONFIRMED


def test_wait_for_an_order_that_has_ended_needs_the_snapshot_only(wires: Wires) -> None:
    waiting = wires.begin(lambda: wires.client.wait(ORDER_ID))
    opened(wires, snapshot("CONFIRMED", 5), event(5))
    assert waiting.result().last_seq == 5


@pytest.mark.parametrize("status", ["FAILED", "CANCELLED", "EXPIRED"])
def test_wait_raises_the_order_that_came_to_nothing(status: str, wires: Wires) -> None:
    waiting = wires.begin(lambda: wires.client.wait(ORDER_ID))
    opened(wires, snapshot(status, 5), event(5, status))
    with pytest.raises(fillwire.OrderFailed) as caught:
        waiting.result()
    assert caught.value.order.status == status
