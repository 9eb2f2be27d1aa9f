"""Stateful mocks: what was written is read back, arguments are checked, a broken mock is nobody's failure but its own."""

import json

from tests.replay._run import cell, shop, texts, trial


def calls(*made):
    """An agent that makes these calls and says one word."""

    def agent(session):
        for name, args in made:
            session.call_tool(name, args)
        session.say("Done.")

    return agent


def test_a_read_after_a_write_differs(tmp_path):
    found = trial(
        shop(tmp_path),
        calls(
            ("get_order", {"order_id": "BL-1"}),
            ("cancel_order", {"order_id": "BL-1"}),
            ("get_order", {"order_id": "BL-1"}),
        ),
    )
    assert [json.loads(text)["status"] for text in texts(found, "get_order")] == ["open", "cancelled"]
    assert found.outcome.changed == ('orders.BL-1.status="cancelled"',)


def test_state_never_leaks_between_trials(tmp_path):
    suite = shop(tmp_path)
    agent = calls(("refund_order", {"order_id": "BL-1", "amount": 5}))
    first, second = (trial(suite, agent, seed=seed) for seed in (1, 2))
    assert first.trial.trace.state == second.trial.trace.state
    assert first.trial.trace.state["orders"]["BL-1"]["refunded"] == 5


def test_what_a_tool_refuses_the_agent_sees(tmp_path):
    found = trial(shop(tmp_path), calls(("get_order", {"order_id": "BL-9"})))
    assert texts(found, "get_order") == ["no order BL-9"]
    assert found.trial.ended == "done"


def test_a_call_that_fails_half_way_leaves_the_state_as_it_was(tmp_path):
    agent = calls(("ship_order", {"order_id": "BL-1"}), ("get_order", {"order_id": "BL-1"}))
    found = trial(shop(tmp_path), agent)
    assert texts(found, "ship_order") == ["the carrier refused"]
    assert json.loads(texts(found, "get_order")[0])["status"] == "open"
    assert found.outcome.changed == ()


def test_a_state_that_is_no_json_is_the_mocks_mistake(tmp_path):
    found = trial(shop(tmp_path), calls(("hold_order", {"order_id": "BL-1"}))).outcome
    assert found.result == "infra_error"
    assert "the mock of hold_order raised" in found.why


def test_arguments_that_do_not_fit_are_refused_before_the_tool_runs(tmp_path):
    found = trial(
        shop(tmp_path),
        calls(
            ("refund_order", {"order_id": "BL-1"}),
            ("refund_order", {"order_id": "BL-1", "amount": "five"}),
            ("refund_order", {"order_id": "BL-1", "amount": 5, "why": "x"}),
            ("no_such_tool", {}),
        ),
    )
    assert texts(found, "refund_order") == [
        "arguments: 'amount' is a required property",
        "amount: 'five' is not of type 'number'",
        "why: the tool has no such argument",
    ]
    assert texts(found, "no_such_tool")[0].startswith("there is no tool 'no_such_tool'; there are: get_order")
    assert found.trial.trace.state["orders"]["BL-1"] == {"status": "open", "total": 27.4}


def test_a_mock_that_breaks_is_an_error_of_the_harness_even_where_the_agent_hides_it(tmp_path):
    def hides(session):
        try:
            session.call_tool("broken", {})
        except ZeroDivisionError:
            session.say("All is well.")

    for agent in (calls(("broken", {})), hides):
        found = trial(shop(tmp_path), agent).outcome
        assert found.result == "infra_error"
        assert "the mock of broken raised" in found.why


def test_mocks_draw_from_the_trials_own_generator(tmp_path):
    suite = shop(tmp_path)
    agent = calls(("lottery", {}))
    drawn = [texts(trial(suite, agent, cell=one, seed=seed), "lottery") for one, seed in [(cell(), 1), (cell(), 2)]]
    again = texts(trial(suite, agent, seed=1), "lottery")
    assert drawn[0] == again
    assert drawn[0] != drawn[1]
    assert json.loads(again[0])["today"] == "2026-01-01"


def test_calls_of_one_message_run_in_their_order(tmp_path):
    def batch(session):
        session.call_tools([("cancel_order", {"order_id": "BL-1"}), ("get_order", {"order_id": "BL-1"})], "Both.")
        session.say("Done.")

    found = trial(shop(tmp_path), batch)
    assert [span.name for span in found.trial.trace.spans[2:5]] == ["agent", "cancel_order", "get_order"]
    assert json.loads(texts(found, "get_order")[0])["status"] == "cancelled"
    asked = found.trial.trace.spans[2]
    assert {span.body.requested_by for span in found.trial.trace.spans[3:5]} == {asked.id}
