"""Near-verbatim contradictions: caught by rule, never condemned, and faithful twins left alone."""

import importlib.util
import json
from collections import Counter
from pathlib import Path

import pytest
from benchmarks.suites import contradictions

from traceeval.measures.flips import vetoes
from traceeval.measures.lexicon import ANTONYMS, HEDGES, QUANTIFIERS
from traceeval.measures.tokens import tokenise

HOME = Path(__file__).resolve().parents[1] / "data" / "contradictions"
PAIRS = [json.loads(line) for line in (HOME / "pairs.jsonl").read_text(encoding="utf-8").splitlines()]
EIGHT = {"number", "unit", "date", "entity", "negation", "antonym", "hedge", "quantifier"}


@pytest.fixture(scope="module")
def make():
    spec = importlib.util.spec_from_file_location("make_contradictions", HOME / "make.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def told():
    return contradictions.run(PAIRS, False, HOME)


def found(claim, source):
    return [diff.veto for diff in vetoes(tokenise(claim), claim, tokenise(source), source)]


def test_eight_types_have_fifty_pairs_each_in_both_directions():
    counts = Counter((row["type"], row["direction"]) for row in PAIRS)
    assert len(PAIRS) >= 400
    assert all(counts[kind, "forth"] + counts[kind, "back"] >= 50 for kind in EIGHT)
    assert all(counts[kind, "forth"] == counts[kind, "back"] for kind in EIGHT)


def test_the_pairs_are_what_the_sentences_make(make):
    assert list(make.items()) == PAIRS


def test_the_suite_does_not_grade_its_own_answer_key(make):
    shared = {}
    for line in (HOME / "sentences.txt").read_text(encoding="utf-8").splitlines():
        for kind, (here, flipped, _, _) in make.marks(line):
            mine, theirs = tokenise(here), tokenise(flipped)
            if kind == "antonym":
                shared[kind, here.lower(), flipped.lower()] = any(
                    (a, b) in ANTONYMS for a in mine.stems for b in theirs.stems
                )
            elif kind in ("hedge", "quantifier"):
                known = HEDGES if kind == "hedge" else QUANTIFIERS
                shared[kind, here.lower(), flipped.lower()] = bool(known & {*mine.low}) and bool(known & {*theirs.low})
    assert sum(shared.values()) / len(shared) < 0.5


def test_flips_the_rules_cover_are_caught(told):
    assert told["metrics"]["caught"]["value"] >= 0.90
    weak = {kind: one["caught"]["value"] for kind, one in told["subsets"].items() if one["caught"]["value"] < 0.90}
    assert weak == {}


def test_faithful_twins_are_left_alone(told):
    assert told["metrics"]["twins_deferred"]["value"] <= 0.10
    assert told["metrics"]["twins_held"]["value"] >= 0.90


def test_a_veto_never_condemns(told):
    assert told["metrics"]["condemned"]["value"] == 0.0


def test_a_score_alone_would_catch_next_to_nothing(told):
    assert told["baselines"]["score alone"]["caught"] < 0.05


@pytest.mark.parametrize(
    ("claim", "source", "veto"),
    [
        ("The dose is 15 mg a day.", "The dose is 1.5 mg a day.", "number"),
        ("It runs for 45 hours at night.", "It runs for 45 minutes at night.", "unit"),
        ("The bank opened on 3 June in Leeds.", "The bank opened on 3 May in Leeds.", "date"),
        ("The drug was approved for children.", "The drug was not approved for children.", "negation"),
        ("Costs rose in the last year.", "Costs fell in the last year.", "antonym"),
        ("The plant in Turin closed its doors.", "The plant in Porto closed its doors.", "entity"),
        ("No, the date can be changed later on.", "The date cannot be changed later on.", "negation"),
        ("Vantor owns Quillon through a holding.", "Quillon owns Vantor through a holding.", "role"),
        ("The tablet will reduce the risk of stroke.", "The tablet may reduce the risk of stroke.", "hedge"),
        ("No customer returned the item to us.", "Every customer returned the item to us.", "quantifier"),
    ],
)
def test_each_rule_fires_on_its_flip(claim, source, veto):
    assert veto in found(claim, source)


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("The price is 5,000,000 euros in cash.", "The price is 5 million euros in cash."),
        ("It holds seventy-five stocks in all.", "It holds 75 stocks in all."),
        ("The bank opened on 2012-05-03 in Leeds.", "The bank opened on 3 May 2012 in Leeds."),
        ("It isn't valid after the deadline.", "It is not valid after the deadline."),
        ("Rent rose by 8 percent in the block.", "Rent rose by 8% in the block."),
        ("Parcels weigh 20 kilograms at most here.", "Parcels weigh 20 kg at most here."),
        ("A few of the tenants left the house.", "Some of the tenants left the house."),
        ("The file was closed.", "The file was closed on 3 May 2012."),
        ("No, the date cannot be changed later on.", "The date cannot be changed later on."),
        ("The date cannot be changed later on.", "No, the date cannot be changed later on."),
    ],
)
def test_no_rule_fires_on_another_way_to_say_it(claim, source):
    assert found(claim, source) == []
