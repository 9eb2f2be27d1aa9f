"""Variants of the user's side: the same seed, the same bytes; each operator changes one thing and says what it expects."""

import pytest
import yaml
from tests.replay._bots import AGENTS, bot
from tests.replay._run import Here, shop

from traceeval.compare.operators import by_operator
from traceeval.errors import ConfigError, OutputExists
from traceeval.replay import load_suite, plan, told
from traceeval.replay._facts import facts_of
from traceeval.replay._rewrite import write_variants
from traceeval.replay.vary import OPERATORS, vary, vary_suite

TURNS = [
    {"say": "Please cancel order BL-1.", "languages": {"de": "Bitte storniere Bestellung BL-1."}},
    {"when": {"agent_proposes": {"tool": "cancel_order"}}, "say": "Yes, please.", "languages": {"de": "Ja, bitte."}},
]
STATE = {"orders": {"BL-1": {"status": "open"}, "BL-2": {"status": "open"}}}


@pytest.fixture(scope="module")
def varied(tmp_path_factory):
    """The shop with every variant."""
    folder = tmp_path_factory.mktemp("vary")
    vary_suite(shop(folder, user={"turns": TURNS}), folder / "varied")
    return load_suite(folder / "varied")


def variants(suite):
    return {one.id.removeprefix("vary."): one for one in suite.scenarios[0].variants}


def outcomes(suite, agent):
    here = Here(suite, agent)
    made = [here(one).outcome for one in plan(suite.scenarios, n=1)]
    return [one for one in made if not one.cell.varied], [one for one in made if one.cell.variant]


def broken(suite, agent):
    rows = by_operator(*outcomes(suite, agent), suite.scenarios)
    return {row.operator for row in rows if row.broke}


def test_every_operator_tells_the_scenario_in_its_way(varied):
    found = variants(varied)
    assert {one.operator for one in found.values()} == set(OPERATORS)
    assert found["reordered"].turns["1"] == "About BL-1: Please cancel order BL-1."
    assert found["register.casual"].turns["1"] == "hey, pls cancel order BL-1 thx"
    assert found["missing_fact"].turns["1"] == "Please cancel my order."
    assert found["correction"].turns["1"].startswith("Please cancel order BL-2. No, wait")
    assert found["other_language.de"].turns == {"1": "Bitte storniere Bestellung BL-1.", "2": "Ja, bitte."}


def test_what_changes_the_meaning_says_what_it_expects(varied):
    found = variants(varied)
    assert {one.operator for one in found.values() if not one.preserving} == {
        "missing_fact",
        "ambiguous_reference",
        "correction",
    }
    last = found["correction"].assertions.forbidden[-1].call
    assert (last.tool, last.args) == (("cancel_order",), {"order_id": "BL-2"})
    assert found["other_language.de"].assertions.answer is None


def test_the_same_seed_writes_the_same_bytes_and_another_one_others(tmp_path):
    suite = shop(tmp_path)
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        vary_suite(suite, tmp_path / name, seed=seed)
    a, b, c = (load_suite(tmp_path / name) for name in "abc")
    assert a.sha256 == b.sha256 != c.sha256


def test_a_written_variant_is_the_one_that_was_made(varied):
    scenario = varied.scenarios[0]
    made, _ = vary(scenario, STATE, varied.tools)
    assert scenario.variants == made


def test_what_an_operator_makes_nothing_of_is_told_with_the_reason():
    suite = load_suite("tests/replay/shop")
    _, left = vary(suite.scenarios[0], {}, suite.tools)
    assert {one.operator: one.why.split()[0] for one in left} == {
        "ambiguous_reference": "no",
        "correction": "no",
        "other_language": "no",
    }


def test_english_words_are_added_to_no_other_language(tmp_path):
    suite = shop(tmp_path, meta={"language": "de"}, user={"turns": [{"say": "Bitte storniere Bestellung BL-1."}]})
    made, left = vary(suite.scenarios[0], STATE, suite.tools)
    assert [one.operator for one in made] == ["typing_errors"]
    assert all("written in de" in one.why for one in left if one.operator != "other_language")


def test_facts_are_never_misspelt(tmp_path):
    suite = shop(tmp_path, user={"turns": [{"say": "Cancel the order of Margarete, that is BL-1, without delay."}]})
    for seed in range(50):
        (made,), _ = vary(suite.scenarios[0], STATE, suite.tools, seed=seed, operators=["typing_errors"])
        assert "BL-1" in made.turns["1"]
        assert "without" in made.turns["1"]
        assert sorted(made.turns["1"]) == sorted(suite.scenarios[0].user.turns[0].say)
        assert made.turns["1"] != suite.scenarios[0].user.turns[0].say


def test_a_fact_is_a_whole_word_that_a_milestone_needs(tmp_path):
    suite = shop(tmp_path, user={"turns": [{"say": "Not BL-10: cancel order BL-1."}]})
    (fact,) = facts_of(suite.scenarios[0], STATE)
    assert (fact.text, fact.noun, fact.others, fact.tools) == (
        "BL-1",
        "order",
        ("BL-2",),
        ("get_order", "cancel_order"),
    )
    assert not facts_of(shop(tmp_path, user={"turns": [{"say": "Cancel BL-10."}]}).scenarios[0], STATE)


def test_texts_that_look_like_numbers_stay_texts(tmp_path):
    suite = shop(tmp_path, user={"turns": [{"say": "1e5"}, {"say": "no"}, {"say": "12:30"}, {"say": "0123"}]})
    write_variants(suite, tmp_path / "again", {})
    assert load_suite(tmp_path / "again").scenarios == suite.scenarios


def test_nothing_is_written_over_or_into_the_suite(tmp_path):
    suite = shop(tmp_path)
    with pytest.raises(OutputExists):
        vary_suite(suite, tmp_path)
    with pytest.raises(ConfigError, match="beside"):
        vary_suite(suite, suite.folder / "inner")
    assert yaml.safe_load((suite.folder / "cancel.yaml").read_text())["id"] == "shop/cancel"


def test_the_reference_passes_every_telling(varied):
    assert not broken(varied, "reference")
    assert {one.result for side in outcomes(varied, "reference") for one in side} == {"pass"}


def test_added_turns_stand_after_theirs(varied):
    turns = told(varied.scenarios[0], "vary.missing_fact").user.turns
    assert [turn.say for turn in turns] == ["Please cancel my order.", "It is BL-1.", "Yes, please."]


@pytest.mark.parametrize("keyed", AGENTS, ids=lambda one: one.name.replace(" ", "-"))
def test_an_agent_keyed_to_one_wording_is_named_with_what_broke_it(varied, keyed):
    assert broken(varied, keyed.run) == keyed.breaks


def test_an_agent_that_understands_is_broken_by_none(varied):
    assert not broken(varied, bot())


def test_what_fails_as_written_was_broken_by_no_operator(varied):
    assert not broken(varied, "noop")
