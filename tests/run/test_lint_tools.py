"""What a file of annotations leaves open, and what in it cannot be right."""

import pytest

from traceeval.model import Basis, ToolSpec
from traceeval.run import lint_tools, rules_by_field
from traceeval.testing import call, trace, user

WHOLE = ToolSpec(
    name="pay_bill",
    effect="external",
    idempotent=False,
    reversible=False,
    entity=("bill",),
    arg_roles={"bill": "resource"},
    confirm="always",
    basis=Basis.DECLARED,
)
RUN = trace(user("pay the bill B-1"), call("pay_bill", {"bill": "B-1"}), call("zorgle", {"x": 1}))


def spec(**fields):
    return ToolSpec(**{"name": "pay_bill", "basis": Basis.DECLARED, **fields})


def row(found, name="pay_bill"):
    return next(one for one in found.rows if one.name == name)


def test_a_whole_declaration_leaves_nothing_open():
    assert row(lint_tools([WHOLE], [RUN])).gaps == ()


def test_each_open_field_names_the_rules_that_rest_on_it():
    needs = rules_by_field()
    gaps = {gap.field: gap for gap in row(lint_tools([spec(effect="external")], [RUN])).gaps}
    assert "guard.unconfirmed_write" in gaps["confirm"].rules
    assert gaps["confirm"].rules == needs["confirm"]
    assert set(gaps) <= set(needs)
    assert {"idempotent", "reversible", "confirm", "entity"} <= set(gaps)
    assert "volatile" not in gaps  # a change is not asked about what only looks have


def test_answers_that_are_unknown_for_want_of_a_field_are_counted():
    found = lint_tools([spec(effect="privileged", arg_roles={}, entity=())], [RUN, RUN])
    gap = next(gap for gap in row(found).gaps if gap.field == "confirm")
    assert gap.unknown == 2
    assert found.unknown["guard.unconfirmed_write"] == 2
    assert (found.traces, found.asked - found.decided) == (2, 2)


def test_tools_the_file_does_not_declare_are_listed_with_what_is_assumed():
    found = row(lint_tools([WHOLE], [RUN]), "zorgle")
    assert (found.declared, found.effect, found.calls) == (False, "unknown", 1)
    assert next(gap for gap in found.gaps if gap.field == "effect").guess is None


def test_without_traces_the_file_is_read_alone():
    found = lint_tools([spec(effect="write")])
    assert (found.traces, found.asked, found.decided) == (0, 0, 0)
    assert {"confirm", "entity"} <= {gap.field for gap in row(found).gaps}


@pytest.mark.parametrize(
    ("fields", "level", "text"),
    [
        ({"effect": "external", "after": ("login",)}, "error", "after names login"),
        ({"effect": "external", "precondition_reads": ("see",)}, "error", "precondition_reads names see"),
        ({"effect": "external", "entity": ("bil",)}, "error", "entity names bil, which no schema and no recorded call"),
        ({"effect": "external", "arg_roles": {"to": "destination"}}, "error", "arg_roles names to"),
        ({"effect": "read", "confirm": "always"}, "warn", "confirm say nothing of a tool that changes nothing"),
        ({"effect": "read"}, "warn", "its name says external"),
        ({"name": "pay_bil", "effect": "external"}, "warn", "no trace offers or calls it"),
    ],
)
def test_what_cannot_be_right_is_told(fields, level, text):
    problems = lint_tools([spec(**fields)], [RUN]).problems
    assert any(problem.level == level and text in problem.text for problem in problems)


def test_after_may_name_alternatives_that_a_trace_knows():
    assert (
        lint_tools([WHOLE, spec(name="zorgle", effect="write", after=(("pay_bill", "zorgle"),))], [RUN]).problems == ()
    )


def test_every_field_a_rule_needs_is_one_a_person_can_write():
    assert set(rules_by_field()) <= set(ToolSpec.__struct_fields__) - {"name", "basis", "guessed"}
