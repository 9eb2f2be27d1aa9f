"""A reference as slots: counts, alternatives, order, and what makes no sense."""

import msgspec
import pytest

from traceeval.errors import ConfigError
from traceeval.graph import check_reference, plan_of
from traceeval.model import CallSpec, Forbidden, GoldRow, Reference, StateSpec
from traceeval.testing import expect


def plan(*calls):
    return plan_of(Reference(calls=calls))


def test_each_time_a_call_has_to_be_made_is_a_slot():
    found = plan(expect("f", min=2, max=3, weight=4))
    assert [slot.required for slot in found.slots] == [True, True, False]
    assert [slot.weight for slot in found.slots] == [2, 2, 2]


def test_an_optional_call_is_one_slot_that_need_not_be_filled():
    assert [slot.required for slot in plan(expect("f", optional=True)).slots] == [False]


def test_any_number_of_calls_is_an_open_slot():
    found = plan(expect("f", max=None))
    assert [(slot.required, slot.open) for slot in found.slots] == [(True, False), (False, True)]


def test_a_group_is_one_slot_where_its_first_call_stands():
    found = plan(expect("card", any_of="pay"), expect("mail"), expect("voucher", any_of="pay"))
    assert [[spec.tool for spec in slot.specs] for slot in found.slots] == [["card", "voucher"], ["mail"]]
    assert all(slot.required for slot in found.slots)


def test_order_is_transitive():
    found = plan(expect("a", id="a"), expect("b", id="b", after=("a",)), expect("c", after=("b",)))
    assert found.before == (0b000, 0b001, 0b011)


def test_a_group_can_be_followed():
    found = plan(expect("card", any_of="pay"), expect("cash", any_of="pay"), expect("mail", after=("pay",)))
    assert found.before == (0, 0b1)


def test_only_the_required_repetitions_come_before():
    found = plan(expect("read", id="r", min=1, max=3), expect("write", after=("r",)))
    assert found.before[3] == 0b001


def test_a_bound_argument_follows_its_source():
    found = plan(expect("look", id="l"), expect("pay", {"to": {"$ref": "l.result.iban"}}))
    assert found.before == (0, 0b1)
    assert found.refs == {"l": {"l.result.iban": "iban"}}


@pytest.mark.parametrize(
    ("calls", "told"),
    [
        ([expect("a", after=("x",))], "follows 'x', which names no call; known: none"),
        ([expect("a", id="a", after=("b",)), expect("b", id="b", after=("a",))], "circle"),
        ([expect("a", id="a", after=("a",))], "circle"),
        ([expect("a", id="a"), expect("b", id="a")], "'a' names two"),
        ([expect("a", {"x": {"$ref": "z.result"}})], "follows 'z'"),
        ([expect("a", {"x": {"$nope": 1}})], r"calls: a: x: matcher '\$nope' is unknown"),
    ],
)
def test_expected_calls_that_make_no_sense_are_refused(calls, told):
    with pytest.raises(ConfigError, match=told):
        plan(*calls)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"min": 3, "max": 2}, "0 <= min <= max"),
        ({"min": -1}, "0 <= min"),
        ({"max": 101}, "max null for any"),
        ({"max": 0, "min": 0}, "max 0"),
        ({"any_of": "g", "min": 2, "max": 2}, "happens once"),
        ({"weight": -1}, "weight -1"),
    ],
)
def test_counts_and_weights_that_mean_nothing_are_refused(fields, told):
    with pytest.raises(ValueError, match=told):
        CallSpec(tool="f", **fields)


def test_a_gold_row_with_such_counts_is_refused_when_it_is_read():
    with pytest.raises(msgspec.ValidationError, match="0 <= min <= max"):
        msgspec.json.decode(b'{"trace": "t", "calls": [{"tool": "f", "min": 3}]}', type=GoldRow)


def test_matchers_are_looked_at_wherever_they_stand():
    bad = {"$num": "five"}
    for reference in (
        Reference(forbidden=(Forbidden(tool="f", args={"x": bad}),)),
        Reference(reached=(StateSpec(path="a", value=bad),)),
        Reference(state={"a": [bad]}),
    ):
        with pytest.raises(ConfigError, match="num"):
            check_reference(reference)


def test_only_expected_calls_can_name_a_result():
    with pytest.raises(ConfigError, match="only an argument of an expected call"):
        check_reference(Reference(state={"a": {"$ref": "l.result"}}))
