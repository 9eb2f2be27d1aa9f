"""Limits, retries, cache and budget, as the server sees them."""

import asyncio
import threading
import time

import pytest
from tests.judge._stub import Stub

from traceeval.errors import ConfigError
from traceeval.judge import Cascade, Judges, JudgeSettings
from traceeval.judge._ask import Ask
from traceeval.judge._bucket import Bucket
from traceeval.judge.backends.openai import _after
from traceeval.judge.checkers.lexical import LexicalChecker
from traceeval.judge.checkers.openai import openai
from traceeval.model import Passage

WORDS = "river bridge castle meadow harbour garden market tower".split()


def asks(count, claims=2):
    """Answers whose every claim stands in the passage, so a fair judge supports all."""
    for number in range(count):
        text = " ".join(f"Number {number} has a long {word}." for word in WORDS[:claims])
        yield Ask.supports(text, [Passage(id="p", text=text)])


def until(seen, seconds=15):
    """Wait for what a busy machine may take long over; less than the judge's own patience."""
    end = time.monotonic() + seconds
    while not seen() and time.monotonic() < end:
        time.sleep(0.01)


def settings(**changes):
    return JudgeSettings(**{"backoff": 0.001, "timeout": 20, **changes})


def judged(stub, how, count, claims=2, per_call=8):
    with Judges(how) as judges:
        checker = openai(judges, model="m", base_url=stub.url, per_call=per_call)
        cascade = Cascade(LexicalChecker(), [checker], judges, decides=False)
        found = [future.result() for future in [cascade.begin(ask) for ask in asks(count, claims)]]
        return found, judges.budget, judges.endpoints[0]


def outcomes(found):
    return [verdict.outcome for checked in found for verdict in checked.verdicts]


def codes(found):
    return {verdict.codes[0] for checked in found for verdict in checked.verdicts if verdict.outcome == "defer"}


def test_as_many_requests_as_allowed_are_in_flight_and_never_more():
    # The server answers only when six requests wait: were the endpoint not kept full, nobody would ever be answered.
    with Stub(together=threading.Barrier(6)) as stub:
        found, _, endpoint = judged(stub, settings(concurrency=6, tries=1), 60)
    assert (stub.most, endpoint.retries, len(stub.requests)) == (6, 0, 60)
    assert outcomes(found) == ["supported"] * 120


def test_requests_of_different_answers_overlap():
    gate = threading.Event()
    with Stub(hold=gate) as stub, Judges(settings(concurrency=4)) as judges:
        cascade = Cascade(LexicalChecker(), [openai(judges, model="m", base_url=stub.url)], judges, decides=False)
        futures = [cascade.begin(ask) for ask in asks(4)]
        until(lambda: stub.most == 4)
        assert not any(future.done() for future in futures)
        gate.set()
        assert all(future.result() for future in futures)
    assert stub.most == 4


def test_a_warm_cache_sends_nothing(tmp_path):
    how = settings(cache=str(tmp_path / "deep" / "judge.db"))
    with Stub() as stub:
        first, _, _ = judged(stub, how, 20)
        sent = len(stub.requests)
        second, _, _ = judged(stub, how, 20)
        assert len(stub.requests) == sent == 20
    assert [one.verdicts for one in second] == [one.verdicts for one in first]


def test_the_same_question_asked_at_once_is_sent_once():
    (ask,) = asks(1)
    with Stub(latency=0.02) as stub, Judges(settings()) as judges:
        cascade = Cascade(LexicalChecker(), [openai(judges, model="m", base_url=stub.url)], judges, decides=False)
        for future in [cascade.begin(ask) for _ in range(5)]:
            assert outcomes([future.result()]) == ["supported"] * 2
    assert len(stub.requests) == 1


@pytest.mark.parametrize("status", [429, 500, 503])
def test_failing_three_times_in_ten_costs_retries_and_not_results(status):
    with Stub(failing=0.3, status=status) as stub:
        found, _, endpoint = judged(stub, settings(tries=20), 100)
    assert outcomes(found) == ["supported"] * 200
    assert endpoint.retries == stub.failures > 0
    assert len(stub.requests) == 100 + stub.failures


def test_a_request_the_server_calls_wrong_is_not_repeated_and_does_not_condemn_the_endpoint():
    with Stub(failing=1.0, status=400) as stub:
        found, _, endpoint = judged(stub, settings(), 6)
    assert len(stub.requests) == 6
    assert codes(found) == {"endpoint_failed"}
    assert not endpoint.down


def test_an_endpoint_that_stays_down_is_given_up_and_its_claims_stay_open():
    with Stub(failing=1.0) as stub:
        found, _, endpoint = judged(stub, settings(tries=3, concurrency=2), 50)
    assert codes(found) == {"endpoint_failed"}
    assert "500" in endpoint.down
    assert len(stub.requests) <= 4 * 2 * 3  # those admitted, each tried three times


def test_an_endpoint_nobody_listens_at_is_tried_three_times_and_no_more():
    with Stub() as stub:
        pass
    found, _, endpoint = judged(stub, settings(tries=10, concurrency=2), 4)
    assert codes(found) == {"endpoint_failed"}
    assert "cannot be reached" in endpoint.down
    assert endpoint.retries <= 4 * 2 * 2


def test_failures_are_not_cached(tmp_path):
    how = settings(cache=str(tmp_path / "judge.db"), tries=1)
    with Stub(failing=1.0) as stub:
        judged(stub, how, 1)
        stub.failing = 0.0
        found, _, _ = judged(stub, how, 1)
    assert outcomes(found) == ["supported"] * 2


def test_calls_stop_at_the_limit_and_the_rest_is_deferred_for_want_of_budget():
    with Stub() as stub:
        found, budget, _ = judged(stub, settings(max_calls=7), 20)
    assert len(stub.requests) == budget.calls == 7
    assert outcomes(found).count("supported") == 14
    assert codes(found) == {"budget"}


def test_money_is_never_overdrawn_and_what_is_not_reported_is_charged_at_its_most():
    prices = {"m": (1000.0, 2000.0)}
    for usage in (True, False):
        with Stub(usage=usage) as stub:
            found, budget, _ = judged(stub, settings(max_usd=20.0, prices=prices), 400)
        assert 0 < budget.spent <= 20.0
        assert budget.reserved == pytest.approx(0, abs=1e-9)
        assert codes(found) == {"budget"}
        if usage:
            assert budget.spent == pytest.approx(len(stub.requests) * (100 * 1000 + 20 * 2000) / 1e6)


def test_an_unknown_price_under_a_budget_is_an_error_in_words():
    with Judges(settings(max_usd=1.0)) as judges, pytest.raises(ConfigError, match=r"price of 'm' is unknown.*prices"):
        openai(judges, model="m", base_url="http://127.0.0.1:1/v1")


def test_a_bucket_lets_a_tenth_through_at_once_and_then_one_at_a_time():
    now = [0.0]
    bucket = Bucket(60, lambda: now[0])
    assert [bucket.due() for _ in range(8)] == pytest.approx([0.0] * 6 + [1.0, 2.0])
    now[0] = 100.0
    assert bucket.due() == 0.0


def test_without_a_limit_a_bucket_never_waits():
    bucket = Bucket(None, lambda: 0.0)
    assert asyncio.run(bucket.take()) is None
    assert {bucket.due() for _ in range(1000)} == {0.0}


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("3", 3.0), ("-1", 0.0), (None, None), ("soon", None), ("Thu, 01 Jan 1970 00:00:10 GMT", 0.0)],
)
def test_retry_after_is_read_as_seconds_or_as_a_date(header, seconds):
    assert _after(header) == seconds


def test_retry_after_is_honoured():
    from traceeval.errors import ProviderError
    from traceeval.judge._endpoint import Endpoint

    endpoint = Endpoint(None, model="m", base_url="", settings=settings(), cache=None, budget=None)
    assert endpoint._pause(ProviderError("429", retry=True, after=45.0), 0) == 45.0
    assert endpoint._pause(ProviderError("500", retry=True), 0) <= 0.001
    assert endpoint._pause(ProviderError("400", retry=False), 0) is None


def test_the_key_is_in_no_cache_no_error_and_no_settings(tmp_path, key):
    how = settings(cache=str(tmp_path / "judge.db"), tries=1)
    with Stub() as stub:
        judged(stub, how, 3)
        stub.failing, stub.status = 1.0, 401
        with Judges(how) as judges:
            checker = openai(judges, model="other", base_url=stub.url)
            cascade = Cascade(LexicalChecker(), [checker], judges, decides=False)
            found = [cascade.check(ask) for ask in asks(4)]
            said = repr((how, judges.endpoints[0].down, found, checker.id))
    assert key not in said
    assert "401" in said
    for path in tmp_path.iterdir():
        assert key.encode() not in path.read_bytes()
