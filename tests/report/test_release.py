"""The decision to people: text, picture, page. The states differ in shape and word; nothing of a policy acts in a page."""

import re

import msgspec
import pytest
from tests._release import NOW, POLICY, aged, people, policed, six

from traceeval.report import decision_lines, render_decision
from traceeval.report.layers_plot import layers_plot
from traceeval.report.release import short
from traceeval.run import decide

NASTY = "<script>alert(1)</script>\u202e\x1b[2J"


def decided(gathered=None, **layers):
    return decide(policed(**layers), six() if gathered is None else gathered, at=NOW)


def mixed():
    """A layer in each of the four states."""
    old = aged(next(iter(six()["scores"].values())), 40)
    gathered = {**six(), "people": {"sqlite:///r.db#q": people(low=0.1)}, "scores": {"out": old}}
    return decided(gathered, judge={"waived": NASTY})


def test_the_answer_comes_first_and_every_layer_has_its_state():
    lines = list(decision_lines(mixed()))
    assert lines[0] == f"not decidable: release 2, agent_sha256 {'a' * 12}…, judge j"
    assert lines[2].startswith("  cannot be decided: scores: stale: out is 42.0 days old, at most 30 are allowed")
    assert lines[3].startswith("  fails: people: safety: pass: lower bound 0.1000 is under 0.8")
    states = {line[8:]: line[:6].strip() for line in lines if re.match(r"(holds|FAILS|OPEN|waived) ", line)}
    assert states == {
        "benchmarks": "holds",
        "automated scores": "OPEN",
        "judge": "waived",
        "people": "FAILS",
        "red team": "holds",
        "regression": "holds",
    }
    assert "every layer holds" in "\n".join(decision_lines(decided()))


def test_the_picture_tells_states_by_shape_and_word():
    plot = layers_plot(mixed())
    shapes = dict(re.findall(r'class="s-(\w+)".*?<g transform="[^"]*">(<\w+)', plot))
    assert set(shapes) == {"holds", "fails", "open", "waived"}
    marks = re.findall(r'<(?:circle|path) class="mark"[^>]*>', plot)
    assert len(set(marks)) == 4
    assert 'aria-label="not decidable: benchmarks holds; automated scores open; judge waived;' in plot


def widths(plot, kind):
    return [float(width) for width in re.findall(rf'class="{kind}" [^>]*width="([\d.]+)"', plot)]


def test_age_is_drawn_on_the_scale_of_what_is_allowed():
    scores = next(iter(six()["scores"].values()))
    of_age = lambda days: layers_plot(decided({**six(), "scores": {"out": aged(scores, days - 2)}}))  # noqa: E731
    assert widths(of_age(15), "fill")[2] == pytest.approx(75)
    late = of_age(45)
    assert widths(late, "over") == [150.0]
    assert "45.0 of 30 days, too old" in late


def test_what_was_not_measured_is_marked():
    found = decided({**six(), "people": {"sqlite:///r.db#q": people(answered=20)}})
    assert widths(layers_plot(found), "over") == [75.0]


def test_the_page_is_whole_and_nothing_in_it_acts(tmp_path):
    render_decision(mixed(), tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text()
    assert "<script" not in page
    assert "\u202e" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;⟦U+202E⟧" in page
    for layer in POLICY["layers"]:
        assert f'<section id="{layer}"' in page
    assert not re.search(r'(?:src|href)="(?!#)', page)


def test_a_decision_of_the_same_evidence_is_the_same_page(tmp_path):
    for name in ("one", "two"):
        render_decision(decided(), tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_a_layer_without_evidence_is_drawn_as_such():
    assert layers_plot(decided({})).count("no evidence") == 12
    undated = msgspec.structs.replace(next(iter(six()["scores"].values())), created="")
    lines = "\n".join(decision_lines(decided({**six(), "scores": {"out": undated}})))
    assert "evaluation, of unknown age" in lines


def test_a_digest_is_told_by_its_first_digits_and_a_name_whole():
    assert (short("a" * 64), short("1.4.0"), short("g" * 50)) == ("a" * 12 + "…", "1.4.0", "g" * 50)
