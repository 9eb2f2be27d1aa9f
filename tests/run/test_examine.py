"""Traces that are examined together come to what they come to by themselves."""

import msgspec
import pytest

from traceeval.errors import ConfigError
from traceeval.risk import load_policy
from traceeval.run import _examine
from traceeval.run._examine import examine, examine_together
from traceeval.run._setup import Setup
from traceeval.testing import call, model, retrieval, trace, user

KIT = Setup(policy=load_policy()).load()
FACT = "Refunds are paid within 14 days."
SAMPLES = (
    trace(user("How long do refunds take?"), retrieval(("kb-1", FACT)), model(FACT, prompt=[("system", FACT)]), id="a"),
    trace(user("Cancel it."), call("cancel_order", {"order_id": "W-77"}), model("Done."), id="b"),
    trace(user("Hello?"), id="c"),
)


def told(examined):
    return msgspec.json.encode((examined.scores, examined.dossier.findings, examined.dossier.blame, examined.risk))


def test_together_they_come_to_the_same_in_the_same_order():
    together = examine_together(iter(SAMPLES), KIT)
    assert [one.id for one, _ in together] == ["a", "b", "c"]
    assert [told(examined) for _, examined in together] == [told(examine(one, KIT)) for one in SAMPLES]


def failing(error):
    def fails(dossier):
        if dossier.trace.id == "b":
            raise error
        return dossier.findings

    return fails


def test_a_mistake_of_ours_costs_its_own_trace(monkeypatch):
    alone = [told(examine(one, KIT)) for one in (SAMPLES[0], SAMPLES[2])]
    monkeypatch.setattr(_examine, "mask", failing(ZeroDivisionError("ours")))
    (_, a), (_, b), (_, c) = examine_together(SAMPLES, KIT)
    assert isinstance(b, ZeroDivisionError)
    assert [told(a), told(c)] == alone
    with pytest.raises(ZeroDivisionError, match="ours"):
        examine(SAMPLES[1], KIT)


def test_what_is_raised_on_purpose_ends_all_of_it(monkeypatch):
    monkeypatch.setattr(_examine, "mask", failing(ConfigError("write it otherwise")))
    with pytest.raises(ConfigError, match="otherwise"):
        examine_together(SAMPLES, KIT)
