import pytest
from tests.diagnose._found import found, lacking

from traceeval.testing import call, model, user

CODE = "planner.premature_end"


def test_a_user_left_without_an_answer_is_a_defect():
    (finding,) = found(CODE, user("Hi"), model("Hello."), user("Can you cancel A-11?"))
    assert finding.severity == 3
    assert finding.evidence[0].field == "user"


def test_a_promise_that_nothing_follows_is_a_defect():
    said = "Thank you. Let me check that for you."
    (finding,) = found(CODE, user("Where is A-11?"), model(said))
    quote = finding.evidence[0]
    assert said[quote.start : quote.end] == "Let me check that for you."


@pytest.mark.parametrize(
    "spans",
    [
        [user("Where is A-11?"), model("It is on its way. Let me know if you need more.")],
        [user("Where is A-11?"), model("It is on its way."), user("Thanks, that's all. ###STOP###")],
        [user("Where is A-11?"), model("It is on its way."), user("Thank you!")],
        [user("Where is A-11?"), model("Let me check."), call("transfer_to_human_agents", {"s": "x"}, "ok")],
        [user("Where is A-11?"), model("Shall I look it up?")],
        [user("Where is A-11?"), model("Let me check."), model("It is on its way.")],
    ],
    ids=["courtesy", "a marker", "thanks", "a transfer", "a question back", "the promise was kept"],
)
def test_legal_ends_are_none(spans):
    assert not found(CODE, *spans)


def test_a_run_that_acted_and_said_nothing_is_unknown_not_unanswered():
    spans = [user("Please cancel A-11."), call("cancel_order", {"id": "A-11"}, "ok"), model(None)]
    assert not found(CODE, *spans)
    assert lacking(CODE, *spans) == ["trace.answer"]


def test_without_a_word_nobody_knows():
    assert lacking(CODE, call("get_order", {})) == ["trace.answer"]
