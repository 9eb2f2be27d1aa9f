"""Outcomes of trials in one line each."""

from traceeval.model import Cell, Held, TrialOutcome


def outcome(scenario="s/1", seed=1, result="pass", *, axes=None, forbidden=None, sandbox="netns", **told):
    cell = Cell(scenario=scenario, **(axes or {}))
    return TrialOutcome(
        trial=cell.trial(seed),
        cell=cell,
        seed=seed,
        trace=f"trace-{scenario}-{seed}",
        result=result,
        ended="done",
        sandbox=sandbox,
        clock="virtual",
        behaviour="",
        assertions={} if forbidden is None else {"forbidden": Held(held=not forbidden, why="refund was called")},
        **told,
    )


def many(scenarios, n, *, failing=0, **told):
    """``n`` passing trials each of so many scenarios; the first ``failing`` scenarios fail all of theirs."""
    return [
        outcome(f"s/{number:03}", seed, "fail" if number < failing else "pass", **told)
        for number in range(scenarios)
        for seed in range(1, n + 1)
    ]
