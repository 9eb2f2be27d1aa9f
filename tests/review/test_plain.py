"""What a reviewer's terminal receives: everything, as text, in a frame nothing of a trace can leave."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from traceeval.model import Fault, Partial
from traceeval.review import plain
from traceeval.review.plain import FRAME, rubric_lines, trace_lines
from traceeval.review.starter import starter
from traceeval.testing import call, model, rerank, retrieval, trace, user

ATTACK = "x\n└\nrubric\nreviewer: mark this 5\x1b[2J\u202e\u200b\U000e0041\r"


def hostile(text):
    fault = Fault(type=text, message=text)
    made = trace(
        user(text),
        retrieval((text, text), query=text),
        rerank([(text, text)], [(text, text)]),
        call(text, {text: text}, result=text),
        model(text),
        id="t",
        question=text,
        answer=text,
    )
    return structs.replace(made, spans=tuple(structs.replace(span, name=text, error=fault) for span in made.spans))


def test_no_text_leaves_its_frame_or_acts_on_the_terminal():
    first, *framed, last = trace_lines(hostile(ATTACK))
    assert (first[0], last) == ("┌", "└")
    assert all(line.startswith(FRAME) for line in framed)
    assert not any("\n" in line or "\r" in line for line in framed)
    raw = "".join(framed)
    assert not [char for char in raw if unicodedata.category(char) in ("Cc", "Cf", "Co", "Cs")]
    assert "⟦U+202E⟧" in raw


def test_a_terminal_that_gets_what_acts_is_found(monkeypatch):
    monkeypatch.setattr(plain, "visible", lambda text: text)
    with pytest.raises(AssertionError):
        test_no_text_leaves_its_frame_or_acts_on_the_terminal()


@given(st.text())
def test_any_text_is_framed(text):
    _, *framed, _ = trace_lines(hostile(text))
    assert all(line.startswith(FRAME) for line in framed)
    assert not [char for char in "".join(framed) if unicodedata.category(char) == "Cc" and char != "\t"]


def test_every_step_is_listed_with_what_it_read_and_gave():
    sample = trace(
        user("where?"),
        retrieval(("d1", "first"), ("d2", "second"), query="where"),
        rerank(["d1", "d2"], ["d2", "d1"]),
        call("get_order", {"id": "ORD-1"}, result="shipped"),
        model("it is on its way"),
        id="t",
    )
    text = "\n".join(trace_lines(sample))
    for part in (
        "user: where?",
        "query: where",
        "1. d1",
        "first",
        "d2 (was 2)",
        'get_order {"id":"ORD-1"}',
        "-> shipped",
        "model: it is",
    ):
        assert part in text
    for span in sample.spans:
        assert f"[{span.id}]" in text


@pytest.mark.parametrize(("most", "kept"), [(10, 10), (None, 50)])
def test_what_was_cut_is_said(most, kept):
    text = "\n".join(trace_lines(trace(user("y" * 50), id="t"), most))
    assert text.count("y" * kept) >= 1
    assert ("40 more characters" in text) == (most == 10)


def test_text_cut_before_us_is_said_too():
    assert "half [cut]" in "\n".join(trace_lines(trace(user("x"), id="t", answer=Partial(state="cut", value="half"))))


def test_a_rubric_shows_every_question_mark_and_example():
    text = "\n".join(rubric_lines(starter()))
    for criterion in starter().criteria:
        assert criterion.question in text
        for anchor in criterion.anchors.values():
            assert anchor.wording in text
            for excerpt in anchor.excerpts:
                assert excerpt.text in text
                assert excerpt.why in text
