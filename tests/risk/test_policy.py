"""Risk: reasons only add, severity floors override, the policy file says what is wrong with it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traceeval.errors import ConfigError
from traceeval.model import Policy, RiskReason
from traceeval.risk import assess, load_policy


def reason(name, weight, floor=0):
    return RiskReason(rule=name, weight=weight, text="x", floor=floor)


weights = st.lists(st.floats(0, 5), max_size=6)


@given(weights, st.floats(0, 5))
def test_a_further_reason_never_lowers_the_level(known, more):
    reasons = [reason(f"r{n}", weight) for n, weight in enumerate(known)]
    before = assess("t", reasons, Policy()).level
    assert assess("t", [*reasons, reason("more", more)], Policy()).level >= before


def test_the_worst_floor_counts_and_every_reason_says_what_it_adds():
    risk = assess("t", [reason("a", 2.0, floor=5), reason("b", 1.0)], Policy(intercept=-3.0))
    assert risk.floor == 5
    assert [reason.rule for reason in risk.reasons] == ["a", "b"]
    assert risk.reasons[0].counterfactual < risk.level
    assert risk.calibration == "uncalibrated"


def test_the_shipped_policy_loads_and_names_every_rule():
    from traceeval.run import RULES

    assert set(load_policy().rules) == set(RULES.names())


@pytest.mark.parametrize(
    ("text", "hint"),
    [("colour = 1", "colour"), ("intercept = 'x'", "intercept"), ("random_share = 0.01", "at least"), ("=", "TOML")],
)
def test_a_wrong_policy_says_what_is_wrong(tmp_path, text, hint):
    path = tmp_path / "policy.toml"
    path.write_text(text)
    with pytest.raises(ConfigError, match=hint):
        load_policy(path)
