"""Numbers about every step of a trace, for the ranker of attribution. Nothing here knows the right answer."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence

from traceeval.diagnose._steps import LONG, ROLES, Step, roles_of, words
from traceeval.measures.tokens import tokenise

_SALIENT = re.compile(r"[A-Z][\w'’-]+|\d[\d.,:/-]*")
_NUMBER = re.compile(r"\d[\d.,]*")
_MANY = 12
_SHARE = 0.5


def chain(steps: Sequence[Step], question: str, answer: str) -> dict[str, int | None]:
    """The rule chain: place of the first step before an ``error``, with an ``assumption``, and the ``origin``.

    The origin is the first step that holds at least half of the salient words of the final answer.
    """
    held = _salient(question, answer)
    return {
        "error": next((at for at, step in enumerate(steps) if _errs(step.after)), None),
        "assumption": next((at for at, step in enumerate(steps) if words("assumption").search(step.said)), None),
        "origin": next((at for at, step in enumerate(steps) if _held(step, held) >= _SHARE), None),
    }


def _salient(question: str, answer: str) -> set[str]:
    """Words with capitals or digits of the answer that the question did not hold."""
    asked = set(tokenise(question).low)
    return {word.lower().strip(".,:") for word in _SALIENT.findall(answer)} - asked


def _held(step: Step, salient: set[str]) -> float:
    low = step.said.lower()
    return sum(word in low for word in salient) / len(salient) if salient else 0.0


def _errs(text: str | None) -> bool:
    return text is not None and words("error").search(text[:LONG]) is not None


def features(
    steps: Sequence[Step], question: str, answer: str, rules: Mapping[str, int | None] | None = None
) -> list[dict[str, float]]:
    """One mapping a step: position, rules hit, words, novelty, what ran after it, and the role of its agent.

    ``rules``: the rule chain where somebody has it already.
    """
    rules = chain(steps, question, answer) if rules is None else rules
    salient = _salient(question, answer)
    known = set(tokenise(question).low)
    numbers = set(_NUMBER.findall(question))
    speakers = Counter(step.agent for step in steps)
    code = next((at for at, step in enumerate(steps) if "```" in step.said), None)
    result = next((at for at, step in enumerate(steps) if words("result").search(step.said)), None)
    agents, starts = set[str](), set[str]()
    rows = []
    for at, step in enumerate(steps):
        spoken = set(tokenise(step.said).low)
        told = set(_NUMBER.findall(step.said))
        after = steps[at + 1].said if at + 1 < len(steps) else ""
        row = {
            **_position(at, len(steps)),
            **{f"rule_{name}": float(place == at) for name, place in rules.items()},
            **_words(step, after),
            **_ran(step),
            **{f"role_{role}": float(role in roles_of(step.agent)) for role in ROLES},
            "first_code": float(at == code),
            "first_result": float(at == result),
            "holds_answer": _held(step, salient),
            "novelty": len(spoken - known) / max(len(spoken), 1),
            "new_words": math.log1p(len(spoken - known)),
            "new_numbers": math.log1p(len(told - numbers)),
            "any_new_number": float(bool(told - numbers)),
            "share_of_steps": speakers[step.agent] / len(steps),
            "new_agent": float(step.agent not in agents),
            "said_before": float(step.said.strip()[:200] in starts),
            "thought": float("thought" in step.note),
            "addressed": float("handoff.to" in step.span.attributes),
        }
        rows.append(row)
        agents.add(step.agent)
        starts.add(step.said.strip()[:200])
        known |= spoken
        known |= set(tokenise((step.after or "")[:LONG]).low)
        numbers |= told | set(_NUMBER.findall((step.after or "")[:LONG]))
    return rows


def _position(at: int, n: int) -> dict[str, float]:
    """Place in the trace, apart for short traces and long ones: a tenth step is late in one and early in the other."""
    base = {
        "first": float(at == 0),
        "second": float(at == 1),
        "log_rank": math.log1p(at),
        "relative": at / max(n - 1, 1),
    }
    long = {f"{name}_long": value * (n > _MANY) for name, value in base.items()}
    return {**base, **long, "last": float(at == n - 1)}


def _words(step: Step, after: str) -> dict[str, float]:
    said = step.said
    assumed = words("assumption").findall(said)
    return {
        "assumes": float(bool(assumed)),
        "assumptions": min(len(assumed), 5) / 5,
        "code": float("```" in said),
        "log_length": math.log1p(len(said)),
        "ends": float(words("end").search(said) is not None),
        "own_error": float(words("error").search(said[:1500]) is not None),
        "result": float(words("result").search(said) is not None),
        "plan": float(words("plan").search(said[:1500]) is not None),
        "asks": float(words("question").search(said[-400:]) is not None),
        "corrects": float(words("correction").search(said[:600]) is not None),
        "confirms": float(words("confirmation").search(said[:800]) is not None),
        "corrected_next": float(words("correction").search(after[:600]) is not None),
    }


def _ran(step: Step) -> dict[str, float]:
    return {
        "error_after": float(_errs(step.after)),
        "hard_error_after": float(step.after is not None and words("hard_error").search(step.after[:LONG]) is not None),
        "ran_well": float(step.after is not None and not _errs(step.after)),
        "after_error": float(_errs(step.before)),
        "after_run": float(step.before is not None and not _errs(step.before)),
    }
