"""Lists of what is in an index: plain ids, BEIR's JSON lines, tables, gzip."""

import gzip

import pytest

from traceeval.adapters import read_corpus
from traceeval.errors import InputError


@pytest.mark.parametrize(
    "data",
    [
        b"d 1\nd2\n\nd3",
        b"\xef\xbb\xbfd 1\r\nd2\r\nd3\r\n",
        b'{"_id": "d 1", "text": "x"}\n{"id": "d2"}\n{"doc_id": "d3"}\n',
        b"d 1\ttitle\ttext\nd2\tx\ty\nd3\n",
        gzip.compress(b"d 1\nd2\nd3\n"),
    ],
    ids=["lines", "bom and crlf", "json", "table", "gzip"],
)
def test_every_form_of_a_corpus_list_is_its_ids(tmp_path, data):
    path = tmp_path / "corpus"
    path.write_bytes(data)
    assert list(read_corpus(path)) == ["d 1", "d2", "d3"]


@pytest.mark.parametrize(("line", "told"), [('{"text": "x"}', "_id"), ('{"_id": ', "no JSON object")])
def test_a_line_that_names_no_document_is_refused_with_its_place(tmp_path, line, told):
    path = tmp_path / "corpus"
    path.write_text(f"d1\n{line}\n")
    with pytest.raises(InputError, match=rf"corpus:2.*{told}"):
        list(read_corpus(path))


def test_a_missing_list_is_refused(tmp_path):
    with pytest.raises(InputError, match="nowhere"):
        list(read_corpus(tmp_path / "nowhere"))
