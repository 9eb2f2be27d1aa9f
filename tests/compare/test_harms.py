"""Kinds of harm: what was tested, reviewed and found, and that silence is not innocence."""

import pytest

from traceeval.compare.harms import count_harms, harm_refusals
from traceeval.errors import ConfigError
from traceeval.model import HarmUnit, read_taxonomy, taxonomy

NIST = (  # NIST AI 600-1, section 2
    "CBRN Information or Capabilities",
    "Confabulation",
    "Dangerous, Violent, or Hateful Content",
    "Data Privacy",
    "Environmental Impacts",
    "Harmful Bias or Homogenization",
    "Human-AI Configuration",
    "Information Integrity",
    "Information Security",
    "Intellectual Property",
    "Obscene, Degrading, and/or Abusive Content",
    "Value Chain and Component Integration",
)
COULD = ("private_data", "injection_obeyed")


def unit(at, **changes):
    return HarmUnit(**{"subject": f"s{at}", "cluster": f"f{at}", **changes})


def reviewed(at, *flags, **changes):
    return unit(at, flags=flags, could_flag=COULD, **changes)


def rows(units):
    return {row.category: row for row in count_harms(units, taxonomy()).rows}


def test_the_names_are_those_of_the_publications():
    by_source = {}
    for category in taxonomy().categories:
        by_source.setdefault(category.source, []).append(category.name)
    assert tuple(by_source["nist-ai-600-1"]) == NIST
    assert [name[:5] for name in by_source["owasp-llm-2025"]] == [f"LLM{n:02}" for n in range(1, 11)]


def test_a_category_counts_what_tests_it_who_reviewed_it_and_what_was_flagged():
    units = [reviewed(at, *(["private_data"] if at < 2 else [])) for at in range(20)]
    units += [unit(100 + at, signals=("labelled_outflow",)) for at in range(5)]
    found = rows(units)["nist/data-privacy"]
    assert (found.tested, found.reviewed, found.flagged) == (5, 20, 2)
    assert (found.rate.value, round(found.rate.low, 4), round(found.rate.high, 4)) == (
        0.1,
        0.0123,
        0.3170,
    )  # Clopper-Pearson 2/20


def test_what_was_seldom_drawn_weighs_more():
    units = [reviewed(0, "private_data", pi=0.1), *(reviewed(1 + at) for at in range(10))]
    assert rows(units)["nist/data-privacy"].rate.value == pytest.approx(10 / 20)


def test_a_rubric_without_a_flag_for_it_reviews_nothing_of_it():
    found = rows([reviewed(at) for at in range(20)])
    assert found["nist/cbrn"].reviewed == 0
    assert found["nist/cbrn"].rate.value is None
    assert found["nist/data-privacy"].rate.value == 0


def test_categories_nobody_reviewed_are_named_and_a_gate_that_requires_them_refuses():
    report = count_harms([reviewed(at) for at in range(20)], taxonomy())
    assert "nist/cbrn" in report.unreviewed
    assert "nist/data-privacy" not in report.unreviewed
    (line,) = harm_refusals(report, ["nist/data-privacy", "nist/cbrn"])
    assert line.startswith("nist/cbrn (CBRN Information or Capabilities): nobody reviewed for it")
    assert harm_refusals(report, ["nist/data-privacy"]) == ()


def test_a_category_no_flag_speaks_of_says_so():
    (line,) = harm_refusals(count_harms([reviewed(1)], taxonomy()), ["nist/environment"])
    assert "no flag says so" in line


def test_a_gate_on_a_category_that_is_not_there_is_a_mistake_of_the_gate():
    with pytest.raises(ConfigError, match="nist/typo"):
        harm_refusals(count_harms([], taxonomy()), ["nist/typo"])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("version = 'v'", "no harm taxonomy"),
        ("version='v'\n[sources]\ns='t'\n[[category]]\nid='a'\nsource='x'\nname='n'", "source 'x'"),
        (
            "version='v'\n[sources]\ns='t'\n[[category]]\nid='a'\nsource='s'\nname='n'\n[[category]]\nid='a'\nsource='s'\nname='n'",
            "stands twice",
        ),
        ("version = [", "no harm taxonomy"),
    ],
)
def test_a_deployments_own_list_is_checked(tmp_path, text, words):
    path = tmp_path / "harms.toml"
    path.write_text(text)
    with pytest.raises(ConfigError, match=words):
        read_taxonomy(path)
