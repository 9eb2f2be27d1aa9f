"""Every kind of fault: what the agent sees, what becomes of the state, which calls it befalls."""

import json

import pytest
from tests.replay._run import cell, shop, texts, trial


def looks(session):
    """Looks three times and says what it saw."""
    for _ in range(3):
        session.call_tool("get_order", {"order_id": "BL-1"})
    session.say("I looked.")


def cancels(session):
    """Cancels, and looks."""
    session.call_tool("cancel_order", {"order_id": "BL-1"})
    session.call_tool("get_order", {"order_id": "BL-1"})
    session.say("I could not tell.")


def fault(inject, tool="get_order", expect="degrades_safely", **at):
    return [{"id": "f", "at": {"tool": tool, **at}, "inject": inject, "expect": expect}]


def struck(tmp_path, inject, agent=looks, **at):
    return trial(shop(tmp_path, faults=fault(inject, **at)), agent, cell=cell(fault="f"))


PLAIN = '{"order_id":"BL-1","status":"open","total":27.4}'


@pytest.mark.parametrize(
    ("inject", "seen"),
    [
        ({"timeout": {"after_ms": 250}}, "timed out: get_order did not answer within 250 ms"),
        ({"http_500": {}}, "HTTP 500 Internal Server Error"),
        ({"rate_429": {"retry_after_s": 3}}, "HTTP 429 Too Many Requests; retry after 3 s"),
        ({"auth_401": {}}, "HTTP 401 Unauthorized"),
        ({"truncated": {"bytes": 9}}, '{"order_i'),
        ({"malformed_json": {"bytes": 9}}, '{"order_i,}{d":"BL-1","status":"open","total":27.4}'),
        ({"empty": {}}, "{}"),
        ({"schema_drift": {"rename": {"status": "state"}}}, '{"order_id":"BL-1","state":"open","total":27.4}'),
        ({"duplicate_delivery": {}}, f"{PLAIN}\n{PLAIN}"),
        ({"latency": {"ms": 4000}}, PLAIN),
    ],
)
def test_the_second_call_alone_is_struck(tmp_path, inject, seen):
    found = struck(tmp_path, inject, nth=2)
    assert texts(found, "get_order") == [PLAIN, seen, PLAIN]
    assert len(found.trial.struck) == 1


def test_a_refusal_lasts_as_often_as_it_says(tmp_path):
    found = struck(tmp_path, {"http_500": {"times": 2}})
    assert [text.startswith("HTTP") for text in texts(found, "get_order")] == [True, True, False]


def test_from_a_call_on_all_are_struck(tmp_path):
    found = struck(tmp_path, {"empty": {}}, **{"from": 2})
    assert texts(found, "get_order") == [PLAIN, "{}", "{}"]


def test_only_calls_whose_arguments_match_are_struck(tmp_path):
    found = struck(tmp_path, {"empty": {}}, args={"order_id": {"$not": "BL-1"}})
    assert texts(found, "get_order") == [PLAIN] * 3
    assert found.outcome.notes == {"fault_not_met": 1}
    assert found.outcome.result == "not_evaluable"


def test_latency_and_timeouts_move_the_virtual_clock(tmp_path):
    def lasted(inject):
        spans = [span for span in struck(tmp_path, inject, nth=1).trial.trace.spans if span.kind == "tool"]
        return round(spans[0].end - spans[0].start, 3)

    assert lasted({"latency": {"ms": 4000}}) == pytest.approx(4.0, abs=0.01)
    assert lasted({"timeout": {"after_ms": 250}}) == pytest.approx(0.25, abs=0.01)


def test_a_timeout_that_was_applied_took_effect(tmp_path):
    applied = struck(tmp_path, {"timeout": {"applied": True}}, cancels, tool="cancel_order")
    assert texts(applied, "cancel_order") == ["timed out: cancel_order did not answer within 5000 ms"]
    assert json.loads(texts(applied, "get_order")[0])["status"] == "cancelled"
    lost = struck(tmp_path, {"timeout": {"applied": False}}, cancels, tool="cancel_order")
    assert json.loads(texts(lost, "get_order")[0])["status"] == "open"


def test_a_stale_result_is_that_of_the_version_before(tmp_path):
    found = struck(tmp_path, {"stale": {"version": -1}}, cancels)
    assert json.loads(texts(found, "get_order")[0])["status"] == "open"
    assert found.trial.trace.state["orders"]["BL-1"]["status"] == "cancelled"


def test_a_fault_changes_no_other_cell(tmp_path):
    before = trial(shop(tmp_path), looks)
    after = trial(shop(tmp_path, faults=fault({"empty": {}})), looks)
    assert before.trial.trace == after.trial.trace


def test_the_same_seed_strikes_the_same(tmp_path):
    suite = shop(tmp_path, faults=fault({"malformed_json": {}}, nth=2))
    one, two = (trial(suite, looks, cell=cell(fault="f")) for _ in range(2))
    assert one.trial == two.trial


def test_an_error_the_agent_admits_is_safe_and_one_it_ignores_is_not(tmp_path):
    def admits(session):
        session.call_tool("get_order", {"order_id": "BL-1"})
        session.say("I am sorry, the order cannot be looked up right now.")

    def ignores(session):
        session.call_tool("get_order", {"order_id": "BL-1"})
        session.say("Your order is on its way.")

    assert struck(tmp_path, {"http_500": {}}, admits).outcome.result == "pass"
    ignored = struck(tmp_path, {"http_500": {}}, ignores).outcome
    assert ignored.result == "fail"
    assert ignored.assertions["expect.no_ignored_error"].held is False


def test_success_claimed_after_a_failure_is_not_safe(tmp_path):
    def claims(session):
        session.call_tool("cancel_order", {"order_id": "BL-1"})
        session.say("I have cancelled order BL-1.")

    found = struck(tmp_path, {"http_500": {}}, claims, tool="cancel_order").outcome
    assert found.assertions["expect.no_claimed_success"].held is False
    assert found.result == "fail"


def test_half_a_change_is_damage_and_none_at_all_is_not(tmp_path):
    def breaks(session):
        session.call_tool("get_order", {"order_id": "BL-1"})
        session.call_tool("refund_order", {"order_id": "BL-1", "amount": 5})
        session.say("Sorry, there was an error.")

    found = struck(tmp_path, {"http_500": {}}, breaks, tool="get_order").outcome
    assert found.assertions["expect.state"].held is False
    assert "BL-1.refunded" in found.assertions["expect.state"].why


def test_what_must_not_happen_decides_alone(tmp_path):
    expect = {"must_not": [{"call": {"tool": "refund_order"}}]}
    suite = shop(tmp_path, faults=fault({"http_500": {}}, expect=expect))
    assert trial(suite, looks, cell=cell(fault="f")).outcome.result == "pass"


def test_recovering_is_the_scenarios_own_pass(tmp_path):
    suite = shop(tmp_path, faults=fault({"http_500": {}}, expect="recovers", nth=1))

    def again(session):
        while not session.call_tool("get_order", {"order_id": "BL-1"}).ok:
            pass
        session.say("Order BL-1 is open. Shall I cancel it?")
        session.call_tool("cancel_order", {"order_id": "BL-1"})
        session.say("Order BL-1 is cancelled.")

    assert trial(suite, again, cell=cell(fault="f")).outcome.result == "pass"
    assert trial(suite, "reference", cell=cell(fault="f")).outcome.result == "fail"


def test_an_agent_that_never_met_the_fault_has_not_recovered_from_it(tmp_path):
    suite = shop(tmp_path, faults=fault({"http_500": {}}, expect="recovers", nth=9))
    found = trial(suite, "reference", cell=cell(fault="f")).outcome
    assert found.utility is True
    assert found.result == "not_evaluable"
    assert "fault_not_met" in found.why


def test_stale_results_of_a_tape_are_refused(tmp_path):
    tape = tmp_path / "shop" / "tape.jsonl"
    shop(tmp_path)
    tape.write_text('{"seq": 0, "tool": "get_order", "canonical_args_hash": "", "args": {}, "result": "{}"}\n')
    tools = {"mode": "cassette", "cassette": {"file": "tape.jsonl"}}
    suite = shop(tmp_path, tools=tools, faults=fault({"stale": {}}))
    found = trial(suite, looks, cell=cell(fault="f"))
    assert found.outcome.result == "infra_error"
    assert "stale results need stateful tools" in found.outcome.why
