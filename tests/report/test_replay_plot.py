"""The picture of a replay: every figure that has an interval, baselines included."""

from traceeval.model.replayed import AttackRow, BaselineRow, CellTable, Reliable, ReplaySummary
from traceeval.report.replay_plot import baselines, passes, replay_plot


def reliable(k, value, low, high):
    return Reliable(k=k, value=value, low=low, high=high, worst=value, best=value, scenarios=10)


def attack(executed):
    return AttackRow(
        name="wording <todo>",
        trials=8,
        executed=executed,
        attempted=0,
        infra=0,
        rate=executed / 8,
        low=0.1,
        high=0.6,
        best=0.0,
        worst=0.0,
        utility=1.0,
    )


def summary(**changes):
    told = {
        "tables": (
            CellTable(
                kind="as_written",
                cells=10,
                trials=80,
                results={"pass": 80},
                pass_hat=(reliable(1, 0.9, 0.8, 0.95), reliable(4, 0.7, 0.5, 0.8), reliable(8, 0.6, 0.4, 0.7)),
            ),
            CellTable(kind="faults", cells=1, trials=8, results={}, pass_hat=(reliable(1, None, None, None),)),
        ),
        "baselines": (BaselineRow(agent="noop", scenarios=10, passed=0),),
        "attacks": (attack(2),),
        **changes,
    }
    return ReplaySummary(
        suite="s",
        version="1",
        agent="a",
        trials=88,
        n=8,
        sandbox={},
        clock={},
        unmatched=0,
        off_tape=0,
        notes={},
        warnings=(),
        scenarios=(),
        **told,
    )


def test_the_first_and_the_last_k_are_shown_and_what_has_no_value_is_not():
    assert [(mark.label, mark.value) for mark in passes(summary())] == [
        ("pass^1 as written", 0.9),
        ("pass^8 as written", 0.6),
    ]


def test_a_baseline_stands_beside_the_agent_with_wilsons_interval():
    (noop,) = baselines(summary())
    assert (noop.label, noop.value, noop.low) == ("baseline noop, as written", 0.0, 0.0)
    assert round(noop.high, 4) == 0.2775  # Wilson (1927), 0 of 10


def test_an_attack_that_succeeded_is_a_diamond():
    assert '<g class="flag">' in replay_plot(summary())
    assert '<g class="flag">' not in replay_plot(summary(attacks=(attack(0),)))


def test_names_of_strangers_are_escaped():
    assert "&lt;todo&gt;" in replay_plot(summary())
    assert "<todo>" not in replay_plot(summary())
