"""A job is signed, names one function, and carries order ids and nothing else."""

import pickle
import uuid
from typing import Any

import pytest
from redis import Redis
from rq.job import Job

from fillwire_orders.jobs import FUNCTION, JobRefused, OrderJob, SignedJSON, retries

KEY = "0123456789abcdef"
ORDER = str(uuid.uuid4())


def job(function: str = FUNCTION, args: Any = (ORDER,), job_id: str = f"{ORDER}-1", **kwargs: Any) -> OrderJob:
    made = Job.create(function, args=args, kwargs=kwargs, id=job_id, connection=Redis(), serializer=SignedJSON(KEY))
    read = OrderJob(id=job_id, connection=Redis(), serializer=SignedJSON(KEY))
    read.data = made.data
    return read


def test_a_job_of_ours_names_its_orders() -> None:
    other = str(uuid.uuid4())
    assert job().order_ids == [ORDER]
    assert job(args=(ORDER, other)).order_ids == [ORDER, other]


@pytest.mark.parametrize("function", ["os.system", "subprocess.check_output", "builtins.eval", "execute2", ""])
def test_a_job_that_names_another_function_is_refused(function: str) -> None:
    with pytest.raises(JobRefused):
        _ = job(function).order_ids


@pytest.mark.parametrize("args", [(), (1,), ("rm -rf",), (ORDER, "x"), (ORDER.upper(),), ([ORDER],)])
def test_a_job_that_carries_something_else_is_refused(args: Any) -> None:
    with pytest.raises(JobRefused):
        _ = job(args=args).order_ids


def test_a_job_with_keyword_arguments_is_refused() -> None:
    with pytest.raises(JobRefused):
        _ = job(shell=True).order_ids


def test_a_signature_cannot_be_carried_to_another_job() -> None:
    with pytest.raises(JobRefused):
        _ = job(job_id=f"{uuid.uuid4()}-1").order_ids


@pytest.mark.parametrize(
    "data",
    [b"", b"x" * 32, b'["execute", null, [], {}]', pickle.dumps(("os.system", None, ("true",), {}))],
)
def test_what_we_have_not_signed_is_never_read(data: bytes) -> None:
    with pytest.raises(JobRefused):
        SignedJSON(KEY).loads(data)


def test_another_key_signs_for_nobody() -> None:
    with pytest.raises(JobRefused):
        SignedJSON(KEY).loads(SignedJSON("another key of ours").dumps(["execute"]))


def test_what_we_have_signed_comes_back_as_it_was() -> None:
    value: list[Any] = ["execute", None, [ORDER], {}]
    assert SignedJSON(KEY).loads(SignedJSON(KEY).dumps(value)) == value


def test_a_job_calls_nobody_back() -> None:
    forged = job()
    forged._success_callback_name = forged._failure_callback_name = "os.abort"
    assert forged.success_callback is None
    assert forged.failure_callback is None
    assert forged.stopped_callback is None


@pytest.mark.parametrize(
    ("attempt", "intervals"), [(0, [1, 2, 4]), (1, [1, 2, 4]), (2, [2, 4]), (3, [4]), (4, None), (9, None)]
)
def test_rq_retries_what_the_journal_has_left(attempt: int, intervals: list[int] | None) -> None:
    retry = retries(attempt)
    assert (retry and retry.intervals) == intervals
    assert retry is None or retry.max == len(intervals or [])
