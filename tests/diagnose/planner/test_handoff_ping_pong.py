from tests.diagnose._found import found

from traceeval.testing import call, model, user

CODE = "planner.handoff_ping_pong"


def talk(*said):
    return [model(text, agent=agent) for agent, text in said]


SAME = [("planner", "please take this on"), ("writer", "no, please take this on"), ("planner", "please take this on")]


def test_to_and_fro_without_anything_new_is_a_defect():
    (finding,) = found(CODE, user("write"), *talk(*SAME, ("writer", "no, please take this on")))
    assert finding.severity == 3
    assert "planner and writer" in finding.text


def test_once_to_and_fro_is_none():
    assert not found(CODE, user("write"), *talk(*SAME))


def test_a_clarification_that_carries_facts_is_none():
    answer = ("writer", "the report needs revenue figures for northern regions first")
    assert not found(CODE, user("write"), *talk(*SAME, answer))


def test_a_result_between_is_progress():
    first, second, third, fourth = talk(*SAME, ("writer", "no, please take this on"))
    assert not found(CODE, user("write"), first, second, call("search_items", {"q": "x"}, "found"), third, fourth)


def test_handing_over_is_no_progress():
    spans = talk(*SAME, ("writer", "no, please take this on"))
    over = call("transfer_to_agent", {}, "ok")
    assert found(CODE, user("write"), *spans[:2], over, *spans[2:])


def test_agents_nobody_named_are_one_agent():
    assert not found(CODE, *(model("please take this on") for _ in range(6)))
