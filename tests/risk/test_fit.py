"""Learning from decisions: nothing from little, a line from some, weights from many; signs stay; the file round-trips."""

import math
import random

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from traceeval.errors import ConfigError
from traceeval.model import Policy, RiskReason
from traceeval.risk import Labelled, as_toml, assess, fit_risk, load_policy
from traceeval.risk import _fit as fit_module

POLICY = Policy(intercept=-3.0, rules={"a": 2.0, "b": 2.0}, random_share=0.1)


@pytest.fixture(autouse=True)
def few_draws(monkeypatch):
    monkeypatch.setattr(fit_module, "DRAWS", 20)


def rows(n, *, seed=1, slope=0.5, shift=1.0, b=1.0):
    """Decisions whose truth is another line than the policy's, and in which rule b is worth ``b`` of what it is given."""
    rng, made = random.Random(seed), []
    for number in range(n):
        weights = {name: 2.0 for name in "ab" if rng.random() < 0.5}
        logit = -3.0 + weights.get("a", 0.0) + b * weights.get("b", 0.0)
        confirmed = rng.random() < 1 / (1 + math.exp(-(slope * logit + shift)))
        made.append(Labelled(weights, confirmed, f"f{number}"))
    return made


@pytest.mark.parametrize("n", [0, 1, 49])
def test_under_fifty_labels_nothing_is_refitted_and_it_says_so(n):
    done = fit_risk(rows(n), POLICY)
    assert done.fit is None
    assert "50 are needed" in done.why
    assert "uncalibrated" in done.why


def test_fifty_labels_move_the_line_and_leave_the_weights():
    done = fit_risk(rows(200), POLICY)
    assert done.fit.rules == {}
    assert done.fit.slope == pytest.approx(0.5, abs=0.3)
    assert done.brier_after < done.brier_before
    assert done.ece_after < done.ece_before


def test_from_three_hundred_on_a_rule_that_says_nothing_loses_its_weight():
    done = fit_risk(rows(900, slope=1.5, b=0.0), POLICY)
    assert done.fit.rules["b"] < 0.5
    assert done.fit.rules["a"] > 2.0


def test_labels_that_all_say_the_same_teach_nothing():
    same = [Labelled({"a": 2.0}, True, str(n)) for n in range(80)]
    assert fit_risk(same, POLICY).fit is None


def test_what_was_sampled_counts_for_those_that_were_not():
    risky = [Labelled({"a": 2.0}, n % 2 == 0, f"r{n}") for n in range(40)]
    calm = [Labelled({}, n == 0, f"c{n}", pi=0.1) for n in range(40)]
    plain = fit_risk([*risky, *(msgspec_free(one) for one in calm)], POLICY).fit
    weighted = fit_risk([*risky, *calm], POLICY).fit
    level = {name: 1 / (1 + math.exp(-(fit.slope * -3 + fit.shift))) for name, fit in (("p", plain), ("w", weighted))}
    assert abs(level["w"] - 1 / 40) < abs(level["p"] - 1 / 40)


def msgspec_free(one):
    return Labelled(one.weights, one.confirmed, one.family)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 1000), st.sampled_from([60, 310]))
def test_a_fitted_level_is_monotone_too(seed, n):
    done = fit_risk(rows(n, seed=seed, slope=-1.0), POLICY)
    if done.fit is None:
        return
    policy = loaded(POLICY, done.fit)
    assert done.fit.slope >= 0
    levels = [assess("t", reasons(policy, *some), policy).level for some in ((), ("a",), ("a", "b"))]
    assert levels == sorted(levels)


def reasons(policy, *names):
    return [RiskReason(rule=name, weight=policy.rules[name], text="x") for name in names]


def loaded(policy, fit):
    from traceeval.risk._policy import _relearned

    return _relearned(msgspec.structs.replace(policy, fit=fit))


def test_the_fit_is_an_interval_of_resamples_and_names_itself():
    policy = loaded(POLICY, fit_risk(rows(200), POLICY).fit)
    risk = assess("t", reasons(policy, "a"), policy)
    assert risk.calibration == "fitted"
    assert risk.low <= risk.level <= risk.high
    assert risk.high - risk.low > 0


def test_the_written_policy_is_read_back_as_it_was(tmp_path):
    from importlib.resources import files

    shipped = (files("traceeval.risk") / "policy.toml").read_text(encoding="utf-8")
    done = fit_risk(rows(400), POLICY)
    path = tmp_path / "policy.toml"
    path.write_text(shipped + as_toml(done.fit))
    policy = load_policy(path)
    assert policy.fit == done.fit
    assert policy.rules["a"] == done.fit.rules["a"]
    assert policy.intercept == done.fit.intercept


@pytest.mark.parametrize("table", ["slope = -1.0", "slope = 1.0\n[fit.rules]\na = -2.0"])
def test_a_fit_that_would_lower_a_level_for_a_reason_is_refused(tmp_path, table):
    path = tmp_path / "policy.toml"
    path.write_text(f"[fit]\nlabels = 60\nconfirmed = 3\nshift = 0.0\n{table}\n")
    with pytest.raises(ConfigError, match="lower a level"):
        load_policy(path)
