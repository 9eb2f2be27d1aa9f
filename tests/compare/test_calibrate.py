"""Labels into a calibration: what is drawn, what is refused, and what the two numbers mean."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traceeval.compare.calibrate import as_csv, calibrate, draw, is_open, read_calibration, read_labels
from traceeval.errors import ConfigError
from traceeval.model import ClaimRow


def row(n, support=0.5, **changes):
    values = {
        "claim": f"t{n}:c1",
        "trace": f"t{n}",
        "text": f"Claim {n}.",
        "evidence": ("It says so.",),
        "outcome": "supported",
        "support": support,
        "p": support,
        "codes": (),
        "by": "lexical@2",
        "language": "en",
    }
    return ClaimRow(**{**values, **changes})


def population(n=400, slope=2.0, seed=1):
    """Claims whose chance of being supported rises with their support; (rows, truth)."""
    rng = random.Random(seed)
    rows = [row(at, rng.random()) for at in range(n)]
    return rows, {one.claim: rng.random() < min(max(one.support * slope - 0.7, 0.02), 0.98) for one in rows}


def test_a_draw_takes_at_most_one_claim_of_a_trace_and_is_repeatable():
    rows = [row(n, claim=f"t{n}:c{k}") for n in range(50) for k in range(3)]
    drawn = draw(rows, 40, "0")
    assert len({one.trace for one in drawn}) == len(drawn) == 40
    assert drawn == draw(reversed(rows), 40, "0")
    assert drawn != draw(rows, 40, "1")


@pytest.mark.parametrize(
    "changes",
    [
        {"outcome": "defer", "codes": ("veto_number",)},
        {"outcome": "defer", "codes": ("language_mismatch",)},
        {"outcome": "unsupported", "codes": ("no_context",)},
        {"outcome": "supported", "codes": ("language_fallback",)},
        {"support": None},
    ],
)
def test_claims_the_score_did_not_decide_are_not_drawn(changes):
    assert not is_open(row(1, **changes))


def test_an_uncertain_claim_is_drawn():
    assert is_open(row(1, outcome="defer", codes=("uncertain", "absent_name")))


def test_scores_are_hidden_and_formulas_are_defused():
    lines = list(as_csv([row(1, 0.987, text="=cmd()", evidence=("+1", "b"))]))
    assert lines[0] == ("claim", "text", "evidence", "label")
    assert lines[1] == ("t1:c1", "'=cmd()", "'+1 | b", "")
    assert "0.987" not in str(lines)


def test_labels_are_read_back_and_empty_ones_left_out(tmp_path):
    path = tmp_path / "labels.csv"
    path.write_text("claim,text,evidence,label\na,x,y,Supported\nb,x,y,\nc,x,y,unsupported\n", encoding="utf-8-sig")
    assert read_labels(path) == {"a": True, "c": False}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("claim,label\na,maybe\n", ":2: label 'maybe'"),
        ("claim,label\na,supported\na,unsupported\n", ":3: claim a is labelled twice"),
        ("id,label\na,supported\n", "no columns `claim` and `label`"),
    ],
)
def test_a_bad_label_file_says_where(tmp_path, text, words):
    path = tmp_path / "labels.csv"
    path.write_text(text)
    with pytest.raises(ConfigError, match=words):
        read_labels(path)


def test_forty_labels_find_a_shifted_cut():
    """Half of the claims are supported at .6, not at .5: the fitted probability says so."""
    rows, truth = population()
    chosen = draw(rows, 40, "0")
    made = calibrate(rows, {one.claim: truth[one.claim] for one in chosen}, min_accuracy=0.6)
    assert made.state == "calibrated"
    cut = (3 - made.b / made.a) / 6
    assert 0.45 < cut < 0.72
    assert made.labels == 40
    assert sum(one.n for one in made.reliability) == 40


def test_the_band_defers_the_asked_share_of_the_unlabelled_claims():
    from traceeval.measures.calibration import Platt

    rows, truth = population()
    labels = {one.claim: truth[one.claim] for one in draw(rows, 40, "0")}
    made = calibrate(rows, labels, defer=0.3)
    model = Platt(made.a, made.b)
    rest = [one for one in rows if one.claim not in labels]
    share = sum(abs(model(one.support) - 0.5) < made.h for one in rest) / len(rest)
    assert share == pytest.approx(0.3, abs=0.01)


@pytest.mark.parametrize(("ruled", "left", "overflow"), [(60, 66, 0.0), (126, 19, 0.0), (360, 0, 144.0)])
def test_what_rules_defer_fills_the_asked_share_first_and_the_rest_is_told(ruled, left, overflow):
    from traceeval.measures.calibration import Platt

    rows, truth = population()
    labels = {one.claim: truth[one.claim] for one in draw(rows, 40, "0")}
    vetoed = [row(f"v{n}", 0.99, outcome="defer", codes=("veto_number",)) for n in range(ruled)]
    made = calibrate([*rows, *vetoed], labels, defer=0.3)
    model = Platt(made.a, made.b)
    inside = sum(abs(model(one.support) - 0.5) < made.h for one in rows if one.claim not in labels)
    assert made.by_rule == ruled
    assert inside == left
    assert made.overflow == pytest.approx(overflow)


def test_the_base_rate_of_skill_is_zero_for_labels_without_a_pattern():
    rows, _ = population()
    rng = random.Random(3)
    made = calibrate(rows, {one.claim: rng.random() < 0.5 for one in draw(rows, 40, "0")})
    assert made.state == "cannot_tell"
    assert made.skill < 0.1


def test_a_slope_that_points_the_wrong_way_cannot_tell():
    rows, truth = population()
    made = calibrate(rows, {one.claim: not truth[one.claim] for one in draw(rows, 60, "0")})
    assert made.a <= 0
    assert made.state == "cannot_tell"


def test_risk_coverage_has_a_row_for_every_tenth_up_to_half():
    rows, truth = population()
    made = calibrate(rows, {one.claim: truth[one.claim] for one in draw(rows, 60, "0")})
    assert [one.deferred for one in made.risk_coverage] == [0.0, 0.1, 0.2, 0.3, 0.4, 0.5]
    assert [one.n for one in made.risk_coverage] == [60, 54, 48, 42, 36, 30]
    assert made.ece is not None  # 60 labels
    assert calibrate(rows, {one.claim: truth[one.claim] for one in draw(rows, 40, "0")}).ece is None


@pytest.mark.parametrize(
    ("labels", "changes", "words"),
    [
        ({"t1:c1": True, "t2:c1": True, "t3:c1": False}, {}, "1 labels say unsupported, 2 are needed: label 1 more"),
        ({"t1:c1": True, "nowhere": False}, {}, "1 labelled claims are not in the run"),
        ({f"t{n}:c1": n % 2 == 0 for n in range(6)}, {"language": "de"}, r"several languages \(de, en\)"),
        ({f"t{n}:c1": n % 2 == 0 for n in range(6)}, {"by": "lexical@1"}, "lexical@1"),
    ],
)
def test_what_cannot_be_fitted_is_refused_with_the_way_out(labels, changes, words):
    rows = [row(n, n / 10, **(changes if n == 0 else {})) for n in range(6)]
    with pytest.raises(ConfigError, match=words):
        calibrate(rows, labels)


@given(st.integers(0, 2**16), st.floats(0, 1))
def test_a_band_never_defers_more_than_was_asked(seed, defer):
    from traceeval.measures.calibration import Platt

    rows, truth = population(60, seed=seed)
    labels = {one.claim: truth[one.claim] for one in rows[:20]}
    if len(set(labels.values())) < 2 or min(list(labels.values()).count(v) for v in (True, False)) < 2:
        return
    made = calibrate(rows, labels, defer=defer)
    model = Platt(made.a, made.b)
    assert sum(abs(model(one.support) - 0.5) < made.h for one in rows[20:]) <= defer * 40 + 1e-9


def test_a_file_that_is_no_calibration_is_refused(tmp_path):
    path = tmp_path / "calibration.json"
    path.write_text('{"schema_version": "other"}')
    with pytest.raises(ConfigError, match="no calibration"):
        read_calibration(path)
