"""What reviewed pairs say of all pairs of a frame: passes of every response, and how often one system is preferred."""

import msgspec
import pytest

from traceeval.errors import Refused
from traceeval.model import System, trace_hash
from traceeval.review import Submission, claim, save_alone, submit
from traceeval.review.estimates import estimates
from traceeval.review.pairs import pair
from traceeval.review.relevance import relevance_rubric
from traceeval.testing import model, trace, user

N = 20
CRITERIA = ("groundedness", "tool_use", "trajectory", "safety", "accuracy")


@pytest.fixture
def url(tmp_path, blank):
    """Reads are the same on both engines; the queue's own tests run on both."""
    (tmp_path / "review.db").write_bytes(blank)
    return f"sqlite:///{tmp_path / 'review.db'}"


def response(number, system):
    text = f"{system} says {number}"
    made = trace(user(f"question {number}"), model(text, id="answer"), id=f"{system}{number}", answer=text)
    return msgspec.structs.replace(made, system=System(app=system))


def queued(store, kit, mode, others=("Q",) * N, pi=0.5, **risk):
    """A frame of pairs of P and another system, those drawn for one person with probability ``pi``."""
    kit.queue(store, "pairs", mode=mode, recheck_share=0.0, overlap=0.0)
    units = []
    for number, other in enumerate(others):
        two = [response(number, "P"), response(number, other)]
        made = pair(*((trace_hash(one), msgspec.json.encode(one)) for one in two))
        u = 0.1 + 0.3 * number / N if number % 2 else 0.9
        known = {"sha256": made.sha256, "payload": made.first, "second": made.second}
        units.append(kit.unit(number, **known, pi=pi, u=u, floor=0, k=1, **risk))
    kit.fill(store, *units, queue="pairs")


def answer(store, prefers, marks=None, absent=None, most=N):
    """Judge everything, or as many as ``most``; ``prefers(number)``: a system, tie or both_bad; ``marks(system, number)``: of accuracy."""
    for _ in range(most):
        if not hasattr(lease := claim(store, "pairs", "ana"), "slot"):
            return
        for side in "ab" if marks else "":
            here = claim(store, "pairs", "ana").shown.trace
            system, number = here.answer.split(" says ")
            given = dict.fromkeys(CRITERIA, 5) | {"accuracy": marks(system, int(number))}
            gone = absent(system) if absent else {}
            said = Submission(marks={k: v for k, v in given.items() if k not in gone}, absent=gone, rationale="")
            save_alone(store, lease.slot, "ana", lease.fence, side, said)
        both = claim(store, "pairs", "ana").shown
        systems = {"a": both.trace.answer.split(" says ")[0], "b": both.other.answer.split(" says ")[0]}
        choice = prefers(int(both.trace.answer.split(" says ")[1]))
        side = next((side for side, system in systems.items() if system == choice), choice)
        said = Submission(marks={}, preference=side, rationale="because the trace shows it plainly")
        submit(store, lease.slot, "ana", lease.fence, said, str(lease.slot))


def values(store):
    found = estimates(store, "pairs")
    return found, {one.outcome: (one.hajek.value if one.hajek else None) for one in found.outcomes}


def test_while_all_pairs_must_be_seen_the_systems_that_will_be_compared_are_known(store, kit):
    queued(store, kit, "pairwise", pi=1.0)
    found, told = values(store)
    assert ("must be seen are still open" in found.waiting, told) == (True, {})
    assert {"any flag", "preference: P over Q", "preference: tie"} <= set(found.to_come)
    answer(store, lambda number: "P")
    found, told = values(store)
    assert (found.to_come, "preference: P over Q" in told) == ((), True)


def test_where_all_pairs_are_drawn_and_none_is_riskier_none_must_be_seen_first(store, kit):
    """A census is worked in the order of the draw, so what is closed of it is a sample at any time."""
    queued(store, kit, "pairwise", pi=1.0, level=0.0)
    found = estimates(store, "pairs")
    assert (found.waiting, found.interim, found.open, found.score, found.frame) == ("", True, N, "none", 1)
    answer(store, lambda n: "P" if n % 4 == 1 else "Q", most=5)
    found, told = values(store)
    rate = next(one for one in found.outcomes if one.outcome == "preference: P over Q")
    assert (rate.hajek.n, told["preference: P over Q"]) == (5, pytest.approx(3 / 5))
    assert rate.hajek.largest == pytest.approx(1 / (0.1 + 0.3 * 11 / N))  # up to the first open one in that order
    assert "interim: drawn traces are still open" in rate.refusals


def test_a_comparison_is_estimated_by_preference_and_flags_alone(store, kit):
    queued(store, kit, "pairwise")
    answer(store, lambda n: {1: "P", 3: "tie", 5: "both_bad", 7: "P", 9: "Q"}[n % 10])
    found, told = values(store)
    assert (found.size, found.answered, found.interim) == (N, N // 2, False)
    assert set(told) == {"any flag", "preference: P over Q", "preference: tie", "preference: both bad"} | {
        name for name in told if name.startswith("flag: ")
    }
    # of 10 drawn, two of each kind: P wins 4 and ties 2 of the 8 that were not both bad
    assert told["preference: P over Q"] == pytest.approx(5 / 8)
    assert (told["preference: tie"], told["preference: both bad"]) == (pytest.approx(0.2), pytest.approx(0.2))
    rate = next(one for one in found.outcomes if one.outcome == "preference: P over Q")
    assert rate.estimate.low < 5 / 8 < rate.estimate.high
    assert rate.refusals[0].startswith("insufficient")


def test_only_pairs_of_two_systems_speak_of_them(store, kit):
    queued(store, kit, "pairwise", others=["Q" if n % 4 == 1 else "R" for n in range(N)])
    answer(store, lambda n: "P" if n % 4 == 1 else "R")
    _, told = values(store)
    assert (told["preference: P over Q"], told["preference: P over R"]) == (pytest.approx(1), pytest.approx(0))


def test_systems_nobody_names_are_not_compared(store, kit):
    queued(store, kit, "pairwise", others=("P",) * N)
    answer(store, lambda n: "tie")
    _, told = values(store)
    assert not [name for name in told if " over " in name]
    assert told["preference: tie"] == pytest.approx(1)


def test_of_a_protocol_every_response_counts(store, kit):
    queued(store, kit, "protocol")
    answer(store, lambda n: "P", marks=lambda system, n: 5 if system == "P" else 3)
    _, told = values(store)
    assert told["accuracy: pass"] == pytest.approx(0.5)
    assert told["accuracy: mark"] == pytest.approx(4)
    assert told["safety: pass"] == pytest.approx(1)


def test_a_response_a_question_does_not_arise_for_is_left_out_of_it(store, kit):
    queued(store, kit, "protocol")
    gone = {"accuracy": "not_applicable"}
    answer(store, lambda n: "P", lambda system, n: 4 if n % 4 == 1 else 3, lambda system: gone if system == "Q" else {})
    found, told = values(store)
    assert told["accuracy: pass"] == pytest.approx(0.5)  # of P's alone: 5 of 10
    assert told["accuracy: mark"] == pytest.approx(3.5)
    assert next(one for one in found.outcomes if one.outcome == "accuracy: pass").unanswered == 0


def test_a_response_nobody_could_judge_leaves_the_pair_without_an_answer(store, kit):
    queued(store, kit, "protocol")
    gone = {"accuracy": "cannot_judge"}
    answer(store, lambda n: "P", lambda system, n: 4, lambda system: gone if system == "Q" else {})
    found, told = values(store)
    rate = next(one for one in found.outcomes if one.outcome == "accuracy: pass")
    assert (rate.estimate, rate.unanswered) == (None, N // 2)
    assert told["safety: pass"] == pytest.approx(1)


def test_a_queue_of_documents_is_estimated_elsewhere(store, kit):
    kit.queue(store, "pool", mode="relevance", rubric=relevance_rubric())
    with pytest.raises(Refused, match="grades documents"):
        estimates(store, "pool")
