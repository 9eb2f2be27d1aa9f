"""The page: whole, still, and deaf to what a trace says."""

import importlib.util
import re
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest

import traceeval
from traceeval.model import Aggregate, Reference
from traceeval.report.plots import coverage_bar
from traceeval.testing import model, retrieval, trace, user

ADDRESS = {"src", "href", "xlink:href", "action", "formaction", "data", "poster", "srcset", "background"}
VOID = {"meta", "br", "hr", "img", "input", "link", "wbr", "col"}


class Page(HTMLParser):
    """Tags, attributes and text of a page; complains when tags do not nest."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.ids, self.links, self.open, self.words = [], [], [], [], [], []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]
        self.ids += [value for name, value in attrs if name == "id"]
        self.links += [value for name, value in attrs if name in ADDRESS]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)


@pytest.fixture(scope="module")
def page(attacked):
    return Page(attacked.report.read_text(encoding="utf-8"))


def test_no_tag_attribute_or_style_comes_from_a_trace(page):
    assert not {"script", "img", "iframe", "object", "embed", "form", "base", "link"} & set(page.tags)
    assert not [name for _, name, _ in page.attributes if name.startswith("on")]
    assert page.tags.count("style") == 1


def test_every_address_leads_into_the_page_itself(page):
    assert page.links
    assert all(link.startswith("#") for link in page.links)
    assert {link[1:] for link in page.links} <= set(page.ids)


def test_ids_are_unique(page):
    assert len(page.ids) == len(set(page.ids))


def test_what_the_attacker_wrote_is_there_as_text(page):
    told = "".join(page.words)
    assert "<script>alert(1)</script>" in told
    assert "{{7*7}}" in told


def test_no_control_or_bidi_character_reaches_the_page(attacked):
    text = attacked.report.read_text(encoding="utf-8")
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)


def test_the_policy_of_the_page_forbids_scripts_and_outside_addresses(page):
    policies = [
        value for tag, name, value in page.attributes if tag == "meta" and name == "content" and "default-src" in value
    ]
    assert len(policies) == 1
    assert policies[0].startswith("default-src 'none'")


def test_an_empty_run_has_a_page_too(tmp_path):
    run = traceeval.evaluate([], out=tmp_path / "out")
    page = Page(run.report.read_text(encoding="utf-8"))
    assert page.tags.count("h1") == 1
    assert "article" not in page.tags


def test_sections_are_headed_and_pictures_are_described(page):
    assert page.tags.count("h1") == 1
    described = [value for tag, name, value in page.attributes if tag == "svg" and name == "aria-label" and value]
    outermost = [value for tag, name, value in page.attributes if tag == "svg" and name == "class"]
    assert len(described) == len(outermost) > 3


def test_the_page_holds_the_worst_traces_only(tmp_path):
    run = traceeval.evaluate([trace(model(f"a {n}"), id=f"t{n}") for n in range(230)], out=tmp_path / "out")
    assert run.report.read_text(encoding="utf-8").count("<article") <= 200
    assert run.summary().traces == 230


def test_templates_travel_with_the_package():
    home = Path(importlib.util.find_spec("traceeval.report").origin).parent
    assert {path.name for path in (home / "templates").iterdir()} == {
        "_page.html.j2",
        "_steps.html.j2",
        "comparison.html.j2",
        "consistency.html.j2",
        "replay.html.j2",
        "release.html.j2",
        "report.css",
        "report.html.j2",
        "sheet.html.j2",
    }


def test_suspects_have_sections_of_their_own_and_show_their_evidence(tmp_path):
    from tests.diagnose.unlabelled._all import LATER, written

    run = traceeval.evaluate([made for made, _ in written(LATER)], out=tmp_path / "out")
    text = run.report.read_text(encoding="utf-8")
    page = Page(text)
    assert "suspects" in page.ids
    assert "Suspected without gold" in page.words
    cases = re.findall(r'<section class="inferred".*?</section>', text, flags=re.DOTALL)
    assert len(cases) == run.summary().suspects.suspected
    assert all("(inferred without gold)" in case and "<blockquote>" in case for case in cases)
    assert set(re.findall(r'href="#(t-[^"]+)"', text)) <= set(page.ids)


LUCKY = trace(
    user("How long do refunds take?"),
    retrieval(("kb-2", "Shipping is free."), query="refunds"),
    model("14 days.", prompt=[("system", "[kb-2] Shipping is free."), ("user", "How long do refunds take?")]),
    id="lucky",
    question="How long do refunds take?",
    answer="14 days.",
    reference=Reference(documents={"kb-1": 1}, answer=("14 days",)),
)


def test_a_masked_failure_links_to_its_traces_and_a_count_of_none_is_not_shouted(tmp_path):
    masked = traceeval.evaluate([LUCKY], out=tmp_path / "out").report.read_text(encoding="utf-8")
    table, examples = masked[masked.index('id="h-masked"') : masked.index('id="h-findings"')].split("<details>")
    rows = {row.split("</th>")[0]: row for row in table.split('<th scope="row">')[1:]}
    assert 'class="r strong">1 / 0 / 0<' in rows["retriever"]
    assert "strong" not in rows["assembler"]
    assert '<a href="#t-lucky">' in examples


def test_a_trace_that_is_not_on_the_page_is_named_without_a_link(tmp_path):
    many = [msgspec.structs.replace(LUCKY, id=f"lucky-{at:03}") for at in range(201)]
    text = traceeval.evaluate(many, out=tmp_path / "out").report.read_text(encoding="utf-8")
    assert set(re.findall(r'href="#(t-[^"]+)"', text)) <= set(Page(text).ids)
    assert "lucky-200" not in Page(text).ids


def test_a_score_below_0_is_not_drawn_on_an_axis_that_begins_there():
    below = Aggregate(scorer="reranker.lift", mean=-0.08, coverage=1.0, lower=-0.08, upper=-0.08, counts={"scored": 9})
    assert coverage_bar(below) == ""
    assert "<circle" in coverage_bar(msgspec.structs.replace(below, mean=0.08, lower=0.08, upper=0.08))
