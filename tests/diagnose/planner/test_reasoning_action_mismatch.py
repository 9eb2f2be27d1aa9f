import msgspec
from tests.diagnose._found import found, lacking

from traceeval.model import Message, ToolRequest
from traceeval.testing import call, model, user

CODE = "planner.reasoning_action_mismatch"


def acted(thought, name, arguments, *, beside=False):
    asking = model(thought if beside else None, calls=[ToolRequest(name=name, id="a", arguments=arguments)])
    if not beside:
        output = Message(role="assistant", tool_calls=asking.body.output.tool_calls, reasoning=thought)
        asking = msgspec.structs.replace(asking, body=msgspec.structs.replace(asking.body, output=output))
    known = call("get_order", {"id": "A-11"}, "ok")
    return found(CODE, user("A-11 and B-22"), known, asking, call(name, arguments, call_id="a"))


def test_another_tool_than_the_one_thought_of_is_a_defect():
    (finding,) = acted("I will call get_order to look first.", "cancel_order", {"id": "A-11"})
    assert finding.severity == 4
    assert finding.evidence[1].field == "reasoning"


def test_another_id_or_sum_than_the_one_thought_of_is_a_defect():
    assert acted("I will cancel A-11.", "cancel_order", {"id": "B-22"})
    assert acted("Now I pay $40.", "pay_order", {"id": "A-11", "amount": 400})


def test_text_beside_the_call_is_reasoning_too():
    assert acted("I will cancel A-11.", "cancel_order", {"id": "B-22"}, beside=True)


def test_a_read_is_milder():
    (finding,) = acted("I will look at A-11.", "get_order", {"id": "B-22"})
    assert finding.severity == 2


def test_what_was_thought_of_was_done():
    assert not acted("I will cancel A-11.", "cancel_order", {"id": "A-11"})
    assert not acted("Let me call cancel_order.", "cancel_order", {"id": "A-11"})


def test_conditions_denials_and_longer_plans_are_no_intention():
    assert not acted("I will not call get_order.", "cancel_order", {"id": "A-11"})
    assert not acted("I will get A-11 before B-22.", "cancel_order", {"id": "B-22"})
    assert not acted("The order A-11 is late.", "cancel_order", {"id": "B-22"})


def test_a_note_to_itself_just_before_is_reasoning():
    asking = model(None, calls=[ToolRequest(name="cancel_order", id="a", arguments={"id": "B-22"})])
    spans = [
        user("A-11 and B-22"),
        call("think", {"thought": "I will cancel A-11."}, ""),
        asking,
        call("cancel_order", {"id": "B-22"}, call_id="a"),
    ]
    assert found(CODE, *spans)


def test_without_reasoning_nobody_knows():
    assert lacking(CODE, user("go"), call("get_order", {})) == ["message.reasoning"]
