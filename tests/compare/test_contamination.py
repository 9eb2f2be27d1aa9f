"""A labelled set with one thing wrong at a time, and its clean twin."""

import json
import random
from pathlib import Path

import pytest

from traceeval.compare import Fields, check_contamination

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
WORDS = [f"w{n}" for n in range(4000)]
FIELDS = Fields(label="label", family="family", split="split")
APART = ("risk_type", "failure_mode", "leak_marker", "ambiguous", "risk_description", "group")


def clean(seed, n=60):
    """Rows of words that no two share by much, labels and splits by chance, one family each."""
    rng = random.Random(seed)
    return [
        {
            "id": f"r{at}", "text": " ".join(rng.choices(WORDS, k=40)), "said": {"by": "user", "words": rng.choices(WORDS, k=5)},
            "label": rng.random() < 0.5, "family": f"f{at}", "split": rng.choice(["train", "test"]),
        }
        for at in range(n)
    ]  # fmt: skip


def across(rows, rng):
    """A row of either split."""
    by = {split: [row for row in rows if row["split"] == split] for split in ("train", "test")}
    return rng.choice(by["train"]), rng.choice(by["test"])


def giveaway(rows, rng):
    for row in rows:
        if row["label"]:
            row["said"]["words"] = [*row["said"]["words"], "the harness says so"]
    return {}


def family(rows, rng):
    one, other = across(rows, rng)
    other["family"] = one["family"]
    return {}


def twin(rows, rng):
    one, other = across(rows, rng)
    words = one["text"].split()
    words[rng.randrange(40)] = "changed"
    other["text"], other["said"] = " ".join(words), one["said"]
    return {}


def copy(rows, rng):
    return {"elsewhere": [f"a page of the web with {rng.choice(rows)['text']} in it"]}


def canary(rows, rng):
    return {"elsewhere": ["an output that repeats te-7f3c2a9e51 word for word"], "canaries": ["te-7f3c2a9e51"]}


KINDS = {giveaway: "giveaways", family: "twins", twin: "twins", copy: "copied", canary: "canaries"}


@pytest.mark.parametrize("plant", KINDS, ids=lambda plant: plant.__name__)
def test_twenty_planted_sets_are_named_by_their_check_and_by_no_other(plant):
    for seed in range(20):
        rows = clean(seed)
        found = check_contamination(rows, FIELDS, **plant(rows, random.Random(seed)))
        named = {kind for kind in set(KINDS.values()) if getattr(found, kind)}
        assert named == {KINDS[plant]}


def test_twenty_clean_sets_are_silent():
    for seed in range(20):
        other = ["a page of the web with " + " ".join(random.Random(-seed - 1).choices(WORDS, k=400))]
        assert check_contamination(clean(seed), FIELDS, elsewhere=other, canaries=["te-7f3c2a9e51"]).clean


def test_what_was_planted_is_shown():
    rows = clean(1)
    giveaway(rows, None)
    (found,) = check_contamination(rows, Fields(label="label", apart=("family", "split"))).giveaways
    assert (found.string, found.balanced_accuracy, found.without) == ("the harness says", 1.0, 0)
    rows = clean(2)
    found = check_contamination(rows, FIELDS, **copy(rows, random.Random(0))).copied[0]
    assert found.words in next(row["text"] for row in rows if row["id"] == found.row)


def test_notes_about_the_label_are_no_text_when_they_are_set_apart():
    rows = [{**row, "note": f"label {row['label']}"} for row in clean(3)]
    assert not check_contamination(rows, FIELDS).clean
    assert check_contamination(rows, Fields(label="label", family="family", split="split", apart=("note",))).clean


def test_checks_without_their_input_say_what_they_need():
    assert len(check_contamination(clean(1), Fields()).skipped) == 4
    assert check_contamination(clean(1), FIELDS, elsewhere=["x"], canaries=["y"]).skipped == ()


def test_of_three_labels_the_one_given_away_is_named():
    rows = clean(4)
    for at, row in enumerate(rows):
        row["label"] = ("good", "bad", "odd")[at % 3]
        row["text"] += " marked odd" if row["label"] == "odd" else ""
    assert {one.label for one in check_contamination(rows, FIELDS).giveaways} == {"odd"}


@pytest.mark.parametrize("rare", [1, 2, 3])
def test_a_label_of_a_few_rows_is_not_given_away_by_words_they_share_by_chance(rare):
    for seed in range(20):
        rng = random.Random(seed)
        rows = [{"label": at < rare, "text": " ".join(rng.choices(WORDS[:400], k=30))} for at in range(40)]
        found = check_contamination(rows, Fields(label="label"))
        assert found.giveaways == ()
        assert ("strings that give away True: too few rows" in found.skipped[0]) == (rare < 3)


@pytest.mark.shared
def test_a_set_whose_harness_text_tells_the_label_is_flagged_and_one_without_is_not():
    """asse_security: 283 of 287 unsafe rows hold the harness's own attacker text, no safe one does."""
    if not DATA.exists():
        pytest.skip("no labelled rows beside the checkout")
    told = {}
    for name in ("asse_security", "rjudge"):
        lines = (DATA / name / "dev.jsonl").read_text(encoding="utf-8").splitlines()
        told[name] = check_contamination([json.loads(line) for line in lines], Fields(label="label", apart=APART))
    first = told["asse_security"].giveaways[0]
    assert "attacker" in first.string
    assert (first.with_label, first.without) == (283, 0)
    assert told["rjudge"].clean
