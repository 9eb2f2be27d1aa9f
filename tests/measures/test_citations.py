"""Marks that cite, marks that do not, and what a list of sources says they mean."""

from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traceeval.measures.citations import citations_in, same_source, sources_of


def labels(answer):
    return [mark.label for mark in citations_in(answer).marks]


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ("It is free [1].", ["1"]),
        ("It is free [1, 3].", ["1", "3"]),
        ("It is free [2-4].", ["2", "3", "4"]),
        ("It is free [2–3].", ["2", "3"]),
        ("It is free [4-2].", ["4", "2"]),
        ("It is free [^1].", ["1"]),
        ("It is free.¹²", ["12"]),
        ("It is free <sup>2</sup>.", ["2"]),
        ("It is free [kb-001].", ["kb-001"]),
        ("It is free (source: kb-001).", ["kb-001"]),
        ("It is free [source 2].", ["2"]),
        ("It is free 【3†notes.pdf】.", ["notes.pdf"]),
        ("It is free [1](https://shop.example/fees).", ["https://shop.example/fees"]),
        ("The area is 12 m².", []),
        ("Call `x[1]` first.", []),
        ("He wrote [sic] it.", ["sic"]),
        ("Read [the page](https://shop.example).", ["https://shop.example"]),
        ("", []),
    ],
)
def test_labels_are_read_from_marks(answer, found):
    assert labels(answer) == found


def test_a_word_in_brackets_or_a_link_is_a_citation_only_if_a_passage_has_that_name():
    (word,) = citations_in("He wrote [sic] it.").marks
    (link,) = citations_in("Read [the page](https://shop.example).").marks
    (id_,) = citations_in("He wrote it [kb-001].").marks
    assert (word.sure, link.sure, id_.sure) == (False, False, True)


def test_a_list_of_sources_says_what_labels_stand_for_and_cites_nothing_itself():
    answer = "It is free [1].\n\nSources:\n[1] fees.md\n[2] seats.md"
    found = citations_in(answer)
    assert [mark.label for mark in found.marks] == ["1"]
    assert found.notes == {"1": "fees.md", "2": "seats.md"}
    assert [answer[a:b].strip().splitlines()[0] for a, b in sources_of(answer)] == ["Sources:"]


def test_a_closing_line_of_sources_is_about_the_answer_as_a_whole():
    found = citations_in("It is free.\nSources: fees.md and seats.md")
    assert (found.marks, [mark.label for mark in found.whole]) == ((), ["fees.md", "seats.md"])


@pytest.mark.parametrize(
    ("label", "name", "same"),
    [
        ("kb-001", "KB-001", True),
        ("kb-001", "kb-001#3", True),
        ("fees.md", "docs/fees.md", True),
        ("fees", "docs/fees.md", True),
        ("kb-00", "kb-001", False),
        ("md", "docs/fees.md", False),
    ],
)
def test_a_label_names_a_document_by_id_file_or_stem(label, name, same):
    assert same_source(label, name) is same


@given(st.text(alphabet="ab [](),;-1234¹²:.\nSources", max_size=80))
def test_every_mark_stands_where_it_says(answer):
    found = citations_in(answer)
    for mark in (*found.marks, *found.whole):
        assert 0 <= mark.start < mark.end <= len(answer)


PIECES = [
    "It is free",
    " [1]",
    " (x)",
    " (Source: a)",
    "<SUP>2</SUP>",
    "¹",
    "\n",
    "Font: a",
    "FUENTES: b",
    "Quelle: c",
    ". ",
]
PIECES += ["Sources", "bibliography", "\n1. a.md", "[^1]: note", "【1†x】", "`[2]`", "References:"]


@given(st.lists(st.sampled_from(PIECES), max_size=8).map("".join))
def test_the_look_before_leaves_nothing_out(answer):
    found = citations_in(answer)
    with mock.patch("traceeval.measures.citations._CITING", ("",)):
        assert found == citations_in(answer)
