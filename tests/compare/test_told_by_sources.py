"""Documents tell only what tools do not; and only documents that production knows tell what a case asks."""

import random
from dataclasses import replace

import pytest
from tests.compare import _planted
from tests.compare._retrieved import retrieved, topics_of

from traceeval.compare import Production, find_coverage
from traceeval.measures.kinds import asked

SHELVES = {
    "return": ("how do I return a parcel", "may I send the shoes back", "what is the policy for refunds"),
    "ship": ("how long does shipping take", "what does delivery abroad cost", "do you ship to Norway"),
    "warranty": ("is the kettle under guarantee", "how long is the warranty", "who repairs my toaster"),
    "pay": ("do you take credit cards", "can I pay by invoice", "which payment methods are there"),
}
CALLS = {
    "cancel_order": ("cancel my order", "please cancel what I bought", "stop the order"),
    "set_address": ("change my address", "my new address is Oak Road", "I moved, update the address"),
}


def read(topic, rng, known=True):
    """Asked in words of which documents tell the topic; one of five is of any."""
    found = [f"{topic} {rng.randrange(8)}" for _ in range(4)] + [f"{rng.choice(list(SHELVES))} {rng.randrange(8)}"]
    return asked(rng.choice(SHELVES[topic]), (), found if known else None)


def done(tool, rng, beside=None):
    """Answered with a tool, for which documents of ``beside`` are found too."""
    found = beside and [f"{beside} {rng.randrange(8)}" for _ in range(4)]
    return asked(rng.choice(CALLS[tool]), (tool,), found)


def mixed(read_share, beside=None, n=900):
    """(production, what each trace is of, three cases of each)."""
    rng = random.Random(0)

    def one(name):
        return read(name, rng) if name in SHELVES else done(name, rng, beside)

    of = [rng.choice(list(SHELVES if rng.random() < read_share else CALLS)) for _ in range(n)]
    cases = {f"{name}-{at}": [one(name)] for name in (*SHELVES, *CALLS) for at in range(3)}
    return of_things([one(name) for name in of]), of, cases


def of_things(things):
    n = len(things)
    folded = {thing: at for at, thing in enumerate(dict.fromkeys(things))}
    return Production(
        things=list(folded), traces=[f"t{at}" for at in range(n)], at=[folded[one] for one in things],
        levels=[0.0] * n, easy=[True] * n,
    )  # fmt: skip


def but(cases, *names):
    return {case: ways for case, ways in cases.items() if not case.startswith(names)}


@pytest.mark.parametrize("read_share", [0.7, 0.3])
@pytest.mark.parametrize("lacks", ["warranty", "cancel_order"])
def test_an_agent_that_calls_tools_for_some_and_searches_for_others_is_told_by_both(read_share, lacks):
    made, of, cases = mixed(read_share)
    report = find_coverage(made, but(cases, lacks))
    assert topics_of(report, of) == {lacks}
    assert report.undecided == ()
    assert report.covered.value == pytest.approx(1 - of.count(lacks) / len(of), abs=0.02)
    assert report.by_documents == pytest.approx(sum(one in SHELVES for one in of), abs=20)


def test_a_case_that_calls_a_tool_of_its_own_does_not_cover_those_who_read_what_it_found():
    """Whoever cancels an order is shown how to return one; that asks for nothing of those who want to know it."""
    made, of, cases = mixed(0.7, beside="return")
    report = find_coverage(made, but(cases, *SHELVES))
    assert topics_of(report, of) == set(SHELVES)


def test_documents_that_production_never_found_tell_nothing_of_a_case():
    """Of an index whose documents have other names, or of another application: as if nobody knew what it finds."""
    domains = dict(_planted.domains("develop"))
    made, *_ = retrieved("rail", domains["rail"], "refund")
    *_, cases, _ = retrieved("library", domains["library"], "renew")
    cases = {
        case: [replace(way, found=frozenset(f"library {one}" for one in way.found)) for way in ways]
        for case, ways in cases.items()
    }
    unknown = {case: [replace(way, found=None) for way in ways] for case, ways in cases.items()}
    report = find_coverage(made, cases)
    assert report == find_coverage(made, unknown)
    assert any(kind.beside for kind in report.undecided)


def test_cases_of_what_documents_cannot_tell_make_no_other_gap_undecided():
    """Nine of ten ask for one thing, of which any two documents are found together no more often than by chance."""
    rng = random.Random(0)
    words = {**SHELVES, "main": ("track my box", "where is the box now", "box not here")}

    def one(name):
        shelves = (name if rng.random() < 0.8 else rng.choice(list(words)) for _ in range(6))
        return asked(rng.choice(words[name]), (), [f"{shelf} {rng.randrange(8)}" for shelf in shelves])

    of = ["main" if rng.random() < 0.9 else rng.choice(list(SHELVES)) for _ in range(2000)]
    cases = {f"{name}-{at}": [one(name)] for name in ("main", "return", "ship", "pay") for at in range(3)}
    report = find_coverage(of_things([one(name) for name in of]), cases)
    assert report.by_documents < 300
    assert topics_of(report, of) == {"warranty"}
    assert report.undecided == ()
