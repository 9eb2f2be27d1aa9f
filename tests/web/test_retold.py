"""What services say in English reaches a page in the reader's language: no sentence a page may meet is missing."""

import ast
import re
from pathlib import Path

import pytest

from traceeval.measures.rare import too_few
from traceeval.measures.ratings import ratings
from traceeval.review import places
from traceeval.web import words
from traceeval.web.roles import May
from traceeval.web.words import catalogue, retold

ROOT = Path(words.__file__).parents[1]
RAISED = {
    "Refused", "NotFound", "LeaseLost", "Withdrawn", "KeyReused", "StoreFailed", "Forbidden", "HTTPException", "RedactionFailed",
}  # fmt: skip
# modules no page reaches: they refuse at the terminal, in files people write, or when a server starts
ELSEWHERE = {
    "_detectors", "_limits", "_migrate", "backup", "checkpoints", "gold", "ledger", "pairing", "pooling", "proposals",
    "redact", "relevance", "rubric", "settings", "starter", "waivers",
}  # fmt: skip
AT_THE_TERMINAL = {
    "nothing to erase at {}; write words:UUID of a verdict or subject:SHA256 of a trace",
    "no original of {}: it was never kept, or was erased",
    "{}: originals cannot be kept there: {}",
    "{}: no such file; `traceeval evaluate` makes the queue, --queue names it",
    "{}: the queue cannot be opened: {}",
}


def template(node):
    """A string or f-string with its values taken out; None for anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return None


def parsed(*rooms):
    for room in rooms:
        for path in sorted((ROOT / room).rglob("*.py")):
            yield path.stem, ast.walk(ast.parse(path.read_text()))


def sentences(prefix):
    return {re.sub(r"{\w+}", "{}", text) for key, text in catalogue("en").items() if key.startswith(prefix)}


def raised():
    for name, nodes in parsed("review", "web"):
        for node in nodes:
            if name not in ELSEWHERE and isinstance(node, ast.Call) and getattr(node.func, "id", "") in RAISED:
                said = [text for text in map(template, node.args) if text is not None]
                yield from said


def test_every_refusal_a_page_may_meet_is_in_the_catalogue():
    found = set(raised())
    assert len(found) > 80
    assert sorted(found - AT_THE_TERMINAL - sentences("refusal.")) == []


def test_no_sentence_is_kept_that_no_service_says():
    said = {template(node) for _, nodes in parsed("review", "web", "measures") for node in nodes}
    framework = {"Not Found", "Method Not Allowed"}  # Starlette's own
    assert sorted((sentences("refusal.") | sentences("reading.")) - said - framework) == []


def test_what_is_filled_in_has_every_value_there_is():
    keys = {key.partition(".")[2] for key in catalogue("de") if key.startswith("kind.")}
    assert keys == set(places._PLACES)
    assert {key.partition(".")[2] for key in catalogue("de") if key.startswith("need.")} == {may.value for may in May}


@pytest.mark.parametrize("key", [key for key in catalogue("en") if key.startswith(words.SAID_BY_SERVICES)])
def test_a_sentence_is_recognised_and_its_values_are_kept(key):
    values = {name: f"<{number}>" for number, name in enumerate(re.findall(r"{(\w+)}", catalogue("en")[key]))}
    assert retold("de", catalogue("en")[key].format(**values)) == catalogue("de")[key].format(**values)


def test_values_are_said_in_the_readers_language_where_it_has_them():
    said = "item 5 is resolved and stays so; a resolved one can be reopened first"
    assert retold("de", said).startswith("Fall 5: entschieden, und dabei bleibt es")
    assert (
        retold("de", "this needs the right to lead; ask an admin")
        == "Dafür brauchen Sie das Recht: leiten. Fragen Sie die Verwaltung."
    )
    assert retold("de", too_few(ratings([(0, 0)] * 38 + [(1, 1)] * 2).counts[:, :, None] ** 2)).startswith(
        "in 2 von 40 Szenarien"
    )


@pytest.mark.parametrize(
    "said",
    [
        "",
        "something nobody wrote down",
        "item 5 is {state} and {0.__class__}",
        "slot " * 5000,
        "no item 5\nno item 6; claim another",
    ],
)
def test_what_the_catalogue_does_not_know_stays_as_it_is_or_is_only_filled_in(said):
    assert retold("en", said) == said
    assert retold("de", said) in (said, "Fall 5\nno item 6; claim another gibt es nicht.")


def test_a_refusal_on_a_page_is_in_the_readers_language(visit, filled):
    german = {"accept-language": "de"}
    ana = visit("ana", "reviewer")
    assert "Fall &#39;99&#39; gibt es nicht." in ana.get("/trace/99", headers=german).text
    assert "there is no item &#39;99&#39;" in ana.get("/trace/99").text
    assert "das Recht: Warteschlangen ansehen" in ana.get("/queues", headers=german).text


def test_plots_are_in_the_readers_language(visit, filled):
    text = visit("lea", "lead").get("/queue/default/results", headers={"accept-language": "de"}).text
    assert 'aria-label="3 wartend"' in text
    assert "<title>3 wartend</title>" in text
