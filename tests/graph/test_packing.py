"""Which documents are in the prompt: by text, by what was kept of it, by id; and what is never doubled or guessed."""

import json

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from traceeval.graph import TraceGraph, build_views
from traceeval.graph._packing import pack
from traceeval.model import Hit, Message, Partial, Reference
from traceeval.testing import call, hits, model, rerank, retrieval, trace, user

OSLO = "The refund is paid within seven working days after the parcel has reached the warehouse in Oslo."
LYON = "The refund is paid within nine working days when the parcel was sent to the warehouse in Lyon."
SHOP = "Gift cards are valid for two years and can be used in every shop we run."


def views(*spans, **fields):
    return build_views(TraceGraph(trace(*spans, **fields)))


def with_messages(*messages):
    span = model("x")
    return msgspec.structs.replace(span, body=msgspec.structs.replace(span.body, messages=messages))


def test_line_breaks_and_spaces_do_not_hide_a_document():
    assert pack(hits(("a", OSLO)), f"Context: {OSLO}")[0].whole
    found = views(retrieval(("a", OSLO.replace(" ", "\n  "))), model("x", prompt=[("system", OSLO)]))
    assert found.stages.packed == ("a",)


def test_two_chunks_of_one_document_are_both_passages():
    found = views(retrieval(("a", OSLO), ("a", SHOP)), model("x", prompt=[("system", f"{OSLO}\n{SHOP}")]))
    assert found.stages.packed == ("a", "a")
    assert [(p.id, p.doc, p.text) for p in found.answer.passages if p.kind == "chunk"] == [
        ("a", "a", OSLO),
        ("a (2)", "a", SHOP),
    ]
    assert found.stages.tokens == {"a": len(OSLO.split()) + len(SHOP.split())}


def test_chunks_that_a_second_search_found_of_a_known_document_are_not_lost():
    found = views(retrieval(("a", OSLO)), retrieval(("a", SHOP)), model("x", prompt=[("system", SHOP)]))
    assert found.retrieval.docs == ("a",)
    assert [p.text for p in found.answer.passages] == [SHOP]


def test_a_shorter_recording_of_the_same_chunk_is_not_a_second_one():
    found = pack([Hit(doc="a", rank=1, text=OSLO), Hit(doc="a", rank=1, text=OSLO[:50])], OSLO)
    assert [one.text for one in found] == [OSLO]


def test_the_head_that_two_chunks_share_packs_only_the_one_that_is_there():
    assert [one.hit.doc for one in pack(hits(("a", OSLO), ("b", LYON)), f"Context: {OSLO}")] == ["a"]


def test_of_two_cut_chunks_with_one_head_each_keeps_its_own_place():
    found = pack(hits(("a", OSLO), ("b", LYON)), f"{OSLO[:60]} {LYON[:50]}")
    assert [(one.hit.doc, one.text, one.whole) for one in found] == [("a", OSLO[:60], False), ("b", LYON[:50].rstrip(), False)]  # fmt: skip


def test_a_few_shared_words_are_no_cut_chunk():
    assert pack(hits(("a", OSLO)), "The refund is late.") == ()
    assert pack(hits(("a", OSLO[:40])), f"{OSLO[:30]}, or so they say.") == ()


def test_an_id_in_brackets_names_a_document_whose_text_was_not_recorded():
    found = pack(hits("kb-1", "kb-2", "kb-3"), "[kb-2] Two years.\n[kb-1] Seven days. Or more.\nQuestion?")
    assert [(one.hit.doc, one.text, one.whole) for one in found] == [
        ("kb-2", "Two years.", True),
        ("kb-1", "Seven days. Or more.", True),
    ]


def test_a_document_that_stands_there_in_other_words_is_not_whole():
    (found,) = pack(hits(("kb-1", OSLO)), "[kb-1] Seven days.")
    assert (found.text, found.whole) == ("Seven days.", False)


def test_a_short_number_in_brackets_is_a_position_not_a_document():
    assert pack(hits("2", "7"), "[1] First. [2] Second.") == ()


def test_a_prompt_that_names_no_document_of_unknown_text_leaves_packing_unknown():
    found = views(retrieval("a", "b"), model("x", prompt=[("system", "Some context. Be brief.")]))
    assert found.stages.packed is None
    assert [p.kind for p in found.answer.passages][:1] == ["prompt"]


def test_nothing_retrieved_packs_nothing():
    assert views(retrieval(), model("x", prompt=[("system", "Be brief.")])).stages.packed == ()


def test_a_cut_prompt_leaves_packing_unknown_but_keeps_the_passages_that_are_there():
    cut = Message(role="system", content=Partial(state="cut", value=f"{OSLO} And"))
    found = views(retrieval(("a", OSLO), ("b", SHOP)), with_messages(cut))
    assert found.stages.packed is None
    assert [p.text for p in found.answer.passages] == [OSLO]
    assert (found.answer.complete, found.answer.gap) == (False, "messages.0")


def test_a_chunk_whose_recording_is_cut_makes_the_answer_incomplete_and_is_not_blamed_on_the_assembler():
    hit = Hit(doc="a", rank=1, text=Partial(state="cut", value=OSLO[:60]))
    span = retrieval()
    span = msgspec.structs.replace(span, body=msgspec.structs.replace(span.body, hits=(hit,)))
    found = views(span, model("x", prompt=[("system", OSLO)]))
    assert found.stages.cut == frozenset()
    assert (found.answer.complete, found.answer.gap) == (False, "s1.hits")


@pytest.mark.parametrize(
    "written", [lambda t: t, lambda t: json.dumps([{"text": t, "score": 0.5}]), lambda t: repr([t])]
)
def test_documents_that_came_back_through_a_tool_are_in_the_prompt_and_told_once(written):
    text = f"{OSLO}\n\n{SHOP}"
    result = written(text)
    told = Message(role="tool", content=result, tool_call_id="c")
    found = views(
        retrieval(("a", text)),
        call("search", {"q": "refund"}, result, call_id="c"),
        with_messages(Message(role="user", content="When?"), told),
    )
    assert (found.stages.packed, found.stages.cut) == (("a",), frozenset())
    assert sum("Oslo" in p.text for p in found.answer.passages) == 1


def test_what_a_tool_adds_to_a_chunk_stays_a_passage():
    result = json.dumps({"text": OSLO, "price": "40 euros"})
    told = Message(role="tool", content=result, tool_call_id="c")
    found = views(
        retrieval(("a", OSLO)),
        call("search", {}, result, call_id="c"),
        with_messages(Message(role="user", content="When?"), told),
    )
    (rest,) = [p.text for p in found.answer.passages if p.kind == "tool"]
    assert "40 euros" in rest
    assert "Oslo" not in rest


def test_context_pasted_into_the_user_message_is_told_once():
    prompt = f"Context: {OSLO}\nQuestion: when is it paid?"
    found = views(retrieval(("a", OSLO)), model("x", prompt=[("user", prompt)]))
    chunk, spoken = found.answer.passages
    assert (chunk.kind, chunk.text) == ("chunk", OSLO)
    assert "when is it paid?" in spoken.text
    assert "Oslo" not in spoken.text


def test_a_chunk_points_at_the_search_that_found_it():
    found = views(retrieval(("a", OSLO)), retrieval(("b", SHOP)), model("x", prompt=[("system", f"{OSLO} {SHOP}")]))
    assert [p.span for p in found.answer.passages] == ["s1", "s2"]


def test_without_a_rerank_output_the_first_stage_is_all_there_is():
    found = views(retrieval("a", "b"), rerank(["a", "b"], ["b"]), reference=Reference(documents={"a": 1}))
    assert (found.stages.pool, found.stages.ranked) == (("a", "b"), ("b",))
    assert views(retrieval("a")).stages.ranked is None


def test_the_user_is_heard_without_any_retrieval():
    assert [p.text for p in views(user("Hello there"), model("x", prompt=[("user", "Hello there")])).answer.passages]


texts = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=80)


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abc"), texts), max_size=6), texts)
def test_packing_never_raises_and_only_reports_what_stands_in_the_prompt(found, around):
    prompt = " ".join([around, *(text for _, text in found[::2])])
    prompt = " ".join(prompt.split())
    for one in pack(hits(*found), prompt):
        assert prompt[one.start : one.end] == one.text
