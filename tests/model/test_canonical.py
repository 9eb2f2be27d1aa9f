import msgspec
import pytest

from traceeval.model import Diagnostic, Fault, Origin, Partial, Reference, Usage, canonical_bytes, trace_hash
from traceeval.testing import call, model, retrieval, trace


def run(**fields):
    return trace(retrieval("d1", "d2"), model("yes", calls=()), call("f", {"b": 1, "a": [1.5, None]}), **fields)


def changed(one, at, **fields):
    spans = list(one.spans)
    spans[at] = msgspec.structs.replace(spans[at], **fields)
    return msgspec.structs.replace(one, spans=tuple(spans))


def test_the_hash_is_64_hexadecimal_digits_and_the_same_every_time():
    assert trace_hash(run()) == trace_hash(run())
    assert len(bytes.fromhex(trace_hash(run()))) == 32


def test_the_hash_of_a_frozen_trace_never_changes():
    # A change here makes every stored hash of every user worthless: it needs a new schema version.
    assert trace_hash(run()) == "8944b904f744daac742978a8e5b3272336f2906ca5ed98126e0a44c167271b91"


@pytest.mark.parametrize(
    "fields",
    [
        {"origin": Origin(format="x", uri="y")},
        {"diagnostics": (Diagnostic(code="c", level="info", text="t"),)},
        {"reference": Reference(answer=("yes",))},
        {"session": "s"},
    ],
)
def test_origin_diagnostics_and_gold_do_not_count(fields):
    assert trace_hash(run(**fields)) == trace_hash(run())


@pytest.mark.parametrize(
    "fields",
    [{"start": 77.0}, {"end": 78.0}, {"seq": 9}, {"attributes": {"k": 1}}, {"usage": Usage(input=3)}, {"agent": "a"}],
)
def test_times_order_usage_and_attributes_do_not_count(fields):
    assert trace_hash(changed(run(), 2, **fields)) == trace_hash(run())


@pytest.mark.parametrize(
    "fields",
    [
        {"id": "other"},
        {"parent": "s1"},
        {"name": "other"},
        {"kind": "plan"},
        {"body": None},
        {"error": Fault(type="E")},
    ],
)
def test_ids_tree_names_kinds_bodies_and_errors_count(fields):
    assert trace_hash(changed(run(), 2, **fields)) != trace_hash(run())


def test_question_and_answer_count_and_a_cut_answer_is_another_one():
    hashes = {trace_hash(run(answer=answer)) for answer in (None, "yes", Partial(state="cut", value="yes"))}
    assert len(hashes) == 3


def test_neither_the_order_of_spans_nor_of_keys_counts():
    one = run()
    shuffled = msgspec.structs.replace(one, spans=one.spans[::-1])
    assert trace_hash(shuffled) == trace_hash(one)
    body = msgspec.structs.replace(one.spans[3].body, arguments={"a": [1.5, None], "b": 1})
    assert trace_hash(changed(one, 3, body=body)) == trace_hash(one)


def test_writing_and_reading_a_trace_keeps_its_hash():
    one = run(question="q", answer="a")
    assert trace_hash(msgspec.json.decode(msgspec.json.encode(one), type=type(one))) == trace_hash(one)
    assert msgspec.json.decode(canonical_bytes(one))[0] == "t"
