from tests.diagnose._found import found

from traceeval.model import Policy, ToolRequest
from traceeval.testing import call, model, user

CODE = "tool.protocol_breach"
STRICT = Policy(protocol={"text_beside_calls": False, "parallel_calls": False})


def asking(*ids, text=None):
    return model(text, calls=[ToolRequest(name="get_order", id=id, arguments={"n": id}) for id in ids])


def texts(*spans, **fields):
    return [finding.text for finding in found(CODE, *spans, **fields)]


def test_a_call_without_a_result_is_noted():
    (text,) = texts(user("go"), asking("a"))
    assert "no result" in text


def test_a_result_nobody_asked_for_is_noted():
    (text,) = texts(asking("a"), call("get_order", {}, call_id="a"), call("get_order", {}, call_id="zz"))
    assert "no message" in text


def test_calls_and_results_that_pair_up_are_none():
    assert not texts(asking("a", "b"), call("get_order", {}, call_id="a"), call("get_order", {}, call_id="b"))


def test_text_beside_calls_and_several_calls_count_only_where_forbidden():
    spans = [
        asking("a", "b", text="Let me look."),
        call("get_order", {}, call_id="a"),
        call("get_order", {}, call_id="b"),
    ]
    assert not texts(*spans)
    assert len(texts(*spans, policy=STRICT)) == 2


def test_it_is_never_more_than_a_remark():
    assert {finding.severity for finding in found(CODE, user("go"), asking("a"))} == {1}
