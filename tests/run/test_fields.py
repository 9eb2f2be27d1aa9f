"""Fields of a trace by name."""

import msgspec
import pytest

from traceeval.errors import ConfigError
from traceeval.graph import Dossier, ToolBook, TraceGraph
from traceeval.model import Origin, System
from traceeval.run._fields import LONGEST, MOST_NAMES, MOST_VALUES, checked_fields, names_of, repeated_by, values_of
from traceeval.testing import call, model, trace


def of(*spans, **fields):
    return Dossier(graph=TraceGraph(trace(*spans, **fields), ToolBook({})), scores={})


FULL = of(
    call("refund", {"id": 1}),
    call("search", {}),
    call("refund", {"id": 2}),
    model("yes", attributes={"tenant.id": "t-1", "region": "eu"}),
    answer="Die Rechnung wird mit der nächsten Lieferung und ohne weitere Kosten von uns verschickt.",
    session="s1",
    turn=2,
    scenario="sc",
    tags=("beta", "vip"),
    system=System(app="desk", release="1.2"),
    origin=Origin(format="otlp", uri="a/b.jsonl"),
    metadata={
        "tenant": "acme",
        "vip": True,
        "seats": 12,
        "share": 0.5,
        "region": "us",
        "groups": ["a", "b", "a", None, {"x": 1}, ["y"]],
        "customer": {"tier": "gold"},
        "dotted.key": "d",
        "blank": "  ",
        "nothing": None,
    },
)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("language", ("de",)),
        ("tools", ("refund", "search")),
        ("tags", ("beta", "vip")),
        ("session", ("s1",)),
        ("turn", ("2",)),
        ("scenario", ("sc",)),
        ("trial", ()),
        ("system.release", ("1.2",)),
        ("system.model", ()),
        ("origin.uri", ("a/b.jsonl",)),
        ("tenant", ("acme",)),
        ("metadata.tenant", ("acme",)),
        ("metadata.vip", ("true",)),
        ("seats", ("12",)),
        ("share", ("0.5",)),
        ("groups", ("a", "b")),
        ("customer.tier", ("gold",)),
        ("metadata.customer.tier", ("gold",)),
        ("customer", ()),
        ("customer.name", ()),
        ("tenant.name", ()),
        ("dotted.key", ("d",)),
        ("blank", ()),
        ("nothing", ()),
        ("unheard_of", ()),
        ("tenant.id", ("t-1",)),
        ("region", ("us",)),
        ("attributes.region", ("eu",)),
    ],
)
def test_a_field_is_found_where_it_stands(name, values):
    assert values_of(name, FULL) == values


def test_a_trace_that_says_nothing_has_no_values():
    bare = of()
    assert {values_of(name, bare) for name in ("language", "tags", "system.release", "origin.uri", "tenant")} == {()}


def test_the_question_tells_the_language_where_the_answer_is_too_short():
    question = "Quelle est la durée de la garantie pour les appareils que vous vendez dans le magasin ?"
    assert values_of("language", of(question=question, answer="Non.")) == ("fr",)


def test_long_values_and_long_lists_are_cut():
    dossier = of(metadata={"long": "x" * 5000, "many": [str(n) for n in range(5000)]})
    assert len(values_of("long", dossier)[0]) == LONGEST
    assert len(values_of("many", dossier)) == MOST_VALUES


def test_the_names_of_a_trace_are_those_that_have_values():
    names = list(names_of(FULL))
    assert {"language", "tags", "system.release", "metadata.tenant", "metadata.customer.tier"} <= set(names)
    assert not {"trial", "system.model", "metadata.blank", "metadata.nothing", "metadata.customer"} & set(names)
    assert len(list(names_of(of(metadata={str(n): "x" for n in range(5000)})))) == MOST_NAMES


@pytest.mark.parametrize(
    ("fields", "same"),
    [({"scenario": "a", "session": "b"}, "scenario a"), ({"session": "b"}, "session b"), ({"id": "t9"}, "trace t9")],
)
def test_trials_of_a_scenario_and_traces_of_a_session_repeat_one_thing(fields, same):
    assert repeated_by(trace(**fields)) == same


def test_each_name_counts_once():
    assert checked_fields([" tenant", "language", "tenant"]) == ("tenant", "language")


@pytest.mark.parametrize(
    ("name", "hint"), [("system.relese", "system.release"), ("", "language,tenant"), ("metadata.", "FIELD")]
)
def test_a_name_that_can_be_nothing_is_refused_at_once(name, hint):
    with pytest.raises(ConfigError, match=hint):
        checked_fields([name])


def test_values_are_data_whatever_they_say():
    said = "'; DROP TABLE slices; --\x00\x1f<script>"
    assert values_of("x", of(metadata={"x": said})) == (said,)
    assert msgspec.json.decode(msgspec.json.encode(values_of("x", of(metadata={"x": said})))) == [said]
