"""The catalogue: every key a template asks for is there, none is there for nothing, missing languages fall back."""

import re
from hashlib import sha256
from pathlib import Path

import pytest

from traceeval.web import words
from traceeval.web.pages import script, stylesheet
from traceeval.web.words import catalogue, preferred

WEB = Path(words.__file__).parent
ASKED = re.compile(r"t\('([a-z_]+\.[a-z_0-9]*[a-z0-9])'")
BUILT = re.compile(r"'([a-z_]+\.[a-z_]*)' ~")


def templates():
    return "\n".join(path.read_text() for path in (WEB / "templates").glob("*.j2"))


def test_every_string_a_template_asks_for_is_in_english():
    assert sorted(set(ASKED.findall(templates())) - set(catalogue("en"))) == []


def test_no_string_is_kept_that_nothing_asks_for():
    begun = tuple(set(BUILT.findall(templates())) | {"said.", "wrong.", "code.", "todo."})
    asked = set(ASKED.findall(templates()))
    assert sorted(key for key in catalogue("en") if key not in asked and not key.startswith(begun)) == []


def test_a_string_another_language_lacks_is_english(monkeypatch):
    monkeypatch.setattr(
        words, "catalogue", lambda name: {"nav.review": "Meine Arbeit"} if name == "de" else catalogue("en")
    )
    t = words.words("de")
    assert (t("nav.review"), t("nav.audit")) == ("Meine Arbeit", "Audit")


def test_a_string_english_lacks_is_a_mistake():
    with pytest.raises(KeyError):
        words.words("en")("no.such")


@pytest.mark.parametrize("accept", ["", "xx", "en-GB,en;q=.9", "../../etc/passwd", "xx,en"])
def test_the_reader_gets_a_language_there_is(accept):
    assert preferred(accept) == "en"


def test_the_one_script_is_what_was_read_and_agreed_to():
    """Whoever changes the script changes this digest knowingly."""
    assert sha256(script().encode()).hexdigest() == SCRIPT


def test_script_and_stylesheet_name_no_other_host():
    assert "//" not in re.sub(r"^\s*//.*$|\s//\s.*$", "", script(), flags=re.M).replace("https://", "//")
    assert not re.search(r"url\(|@import|https?:", stylesheet())


SCRIPT = "b8f967fa091705317c5efe902159e13f2abe2208ee6463133e93e3bbdfb28957"
