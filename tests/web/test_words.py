"""The catalogue: every key a template asks for is there, none is there for nothing, missing languages fall back."""

import re
from hashlib import sha256
from pathlib import Path

import pytest

from traceeval.web import typed, words
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
    begun = tuple(
        set(BUILT.findall(templates())) | {"said.", "wrong.", "code.", "todo.", *words.SAID_BY_SERVICES, *FILLED}
    )
    asked = set(ASKED.findall(templates()))
    assert (
        sorted(key for key in catalogue("en") if key not in asked | ASKED_IN_CODE and not key.startswith(begun)) == []
    )


FILLED = (
    "kind.",
    "need.",
    "form.",
    "speaker.",
)  # what a service says of an item, a right or a slot is said in the reader's language
ASKED_IN_CODE = {"base.language", *typed.LABELS.values()} | {
    key for path in WEB.rglob("*.py") for key in re.findall(r'"((?:plot|base)\.[a-z_]+)"', path.read_text())
}
FIELD = re.compile(r"{(\w+)}")


@pytest.mark.parametrize("name", [name for name in words.languages() if name != "en"])
def test_another_language_has_every_string_and_no_other(name):
    own, english = catalogue(name), catalogue("en")
    assert (sorted(set(english) - set(own)), sorted(set(own) - set(english))) == ([], [])


@pytest.mark.parametrize("name", [name for name in words.languages() if name != "en"])
def test_another_language_fills_in_the_same_values(name):
    own, english = catalogue(name), catalogue("en")
    odd = [key for key in english if sorted(FIELD.findall(own[key])) != sorted(FIELD.findall(english[key]))]
    assert odd == []


def test_there_are_two_languages_at_least_and_each_names_itself():
    assert {catalogue(name)["base.language"] for name in words.languages()} >= {"English", "Deutsch"}


def test_the_script_speaks_by_the_catalogue_alone():
    assert not re.search(r'(say|textContent|title)\W+["“`]\w', script())


def test_a_browser_that_asks_for_german_gets_it(visit, filled):
    page = visit("ana", "reviewer").get("/review", headers={"accept-language": "de-AT,de;q=.9,en;q=.5"}).text
    assert ('<html lang="de">' in page, "Nächste Aufzeichnung nehmen" in page) == (True, True)


def test_a_choice_on_the_account_page_wins_over_the_browser(visit, filled):
    ana = visit("ana", "reviewer")
    assert '<option value="de" lang="de">Deutsch</option>' in ana.get("/account").text
    assert ana.post("/account/language", {"language": "de"}).headers["location"] == "/account?said=saved"
    assert '<html lang="de">' in ana.get("/review", headers={"accept-language": "en"}).text
    ana.post("/account/language", {"language": ""})
    assert '<html lang="en">' in ana.get("/review").text


@pytest.mark.parametrize("name", ["xx", "../../etc/passwd", "DE"])
def test_a_language_there_is_not_is_not_chosen(visit, filled, name):
    ana = visit("ana", "reviewer")
    answer = ana.post("/account/language", {"language": name})
    assert "te_language=" not in answer.headers.get("set-cookie", "").replace('te_language=""', "")
    ana.http.cookies.set("te_language", name)
    assert '<html lang="en">' in ana.get("/review").text


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


SCRIPT = "976483811b60f2ed95fd68718d774f90e1a42bb482f749e436c7b72df659f5f4"
