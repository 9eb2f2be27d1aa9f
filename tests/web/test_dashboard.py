"""Pages of a queue say what its frame is made of, and captions that are true; in German our own words are German too."""

import re

import pytest

from traceeval.review.relevance import Pooled, enqueue_pool, relevance_rubric
from traceeval.review.settings import create_queue

GERMAN = {"accept-language": "de"}


@pytest.fixture
def documents(store, person):
    """A queue in which one document is graded for its question."""
    person("lena", "lead")
    create_queue(store, "gold", "lena", rubric=relevance_rubric(), mode="relevance")
    one = {"questions": {"q1": "where is it?"}, "documents": {"d1": "it is here"}}
    enqueue_pool(store, "gold", [Pooled("q1", "d1", 1, ("run",))], **one, share=1.0, seed="s")


def captions(text):
    return re.findall(r"<figcaption>(.*?)</figcaption>", text)


def test_passes_flags_and_preferences_have_each_a_chart_and_a_caption_of_their_own(visit, pairs):
    pairs("protocol")
    text = visit("lena").get("/queue/protocol/results").text
    assert [caption.partition(",")[0] for caption in captions(text)] == [
        "Share of the frame that passes", "Share of the frame with a flag raised", "Share of the comparisons with this outcome"
    ]  # fmt: skip
    assert "Frame of 1 pairs." in text


def test_a_queue_of_documents_speaks_of_documents_and_of_commands_there_are(visit, documents):
    text = visit("lena").get("/queue/gold/results").text
    assert ("Frame of 1 documents" in text, "precisions" in text) == (True, False)
    assert "`traceeval queue export` writes the grades as gold" in text


def test_nobody_is_asked_whom_to_blame_for_a_document(visit, documents, filled):
    ana = visit("ana", "reviewer")
    asked = {
        queue: ana.get(ana.post(f"/review/{queue}/claim").headers["location"]).text for queue in ("gold", "default")
    }
    assert {queue: 'name="blame"' in text for queue, text in asked.items()} == {"gold": False, "default": True}


def test_a_pooled_document_is_called_so_in_german(visit, documents):
    ana = visit("ana", "reviewer")
    text = ana.get(ana.post("/review/gold/claim").headers["location"], headers=GERMAN).text
    assert ("<bdi>Dokument aus dem Pool</bdi>" in text, "pooled document" in text) == (True, False)


def test_words_of_ours_about_steps_are_german_and_those_of_a_trace_are_not(visit, filled):
    ana = visit("ana", "reviewer")
    text = ana.get(ana.post("/review/default/claim").headers["location"], headers=GERMAN).text
    for said in (">Suche<", ">Tool<", '<p class="label">Suchanfrage<', '<p class="label">Ausgabe<', ">refund<"):
        assert said in text, said
    assert not re.search(r'class="label">(query|result|output)', text)


def test_outcomes_are_called_in_german_and_criteria_as_the_rubric_calls_them(visit, pairs):
    pairs("protocol")
    text = visit("lena").get("/queue/protocol/results", headers=GERMAN).text
    for said in ("safety: bestanden", "irgendeine Meldung", "vorgezogen: keine von beiden", "Rahmen von 1 Paaren"):
        assert said in text, said


def test_who_may_not_is_told_once_what_to_do(visit, filled):
    ana = visit("ana", "reviewer")
    english, german = (ana.get("/people", headers=one).text for one in ({}, GERMAN))
    assert (english.lower().count("ask an admin"), german.count("Verwaltung")) == (1, 1)
