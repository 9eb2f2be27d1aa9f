"""Whether the passages that an answer cites say what it cites them for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from traceeval.graph.views import AnswerView, Reading
from traceeval.judge import Ask, Asking
from traceeval.model import Checked, Evidence, Passage
from traceeval.registry import scorer
from traceeval.scorers.generator._citing import Citing, citings_of

Held: TypeAlias = Literal["right", "wrong", "unresolved", "open", "nothing"]


@dataclass(frozen=True, slots=True)
class Judged:
    """One citation with what came of it."""

    citing: Citing
    label: str
    held: Held


def _sure_asks(view: AnswerView) -> Iterator[Ask]:
    """Every target alone: what is asked whatever the answers are."""
    for citing in citings_of(view):
        for target in citing.targets:
            if target:
                yield from (_ask(text, target, view) for text in citing.any_of or (citing.text,))


@scorer("generator.cited_right", ahead=_sure_asks)
def cited_right(view: AnswerView) -> Asking[Reading]:
    """Citations whose target supports the words that cite it, over citations.

    A label that names nothing in the prompt is a wrong citation. Of several labels on one claim each is right that
    supports it alone, or without which the others do not support it. What the checker defers stays open, as bounds.
    Undefined without a citation. Source: metrics.md section 4; for several labels Gao et al. (2023), ALCE.
    """
    if view.answer is None:
        return Reading.failed("missing_evidence: the answer's text was not recorded", span=view.span)
    citings = citings_of(view)
    if not citings:
        return Reading.undefined("no_citation: the answer cites nothing", span=view.span)
    if view.passages is None:
        return Reading.failed("missing_evidence: the prompt was not recorded", span=view.span)
    judged: list[Judged] = []
    for citing in citings:
        judged += yield from _judge(citing, view)
    told = [one for one in judged if one.held != "nothing"]
    if not told:
        return Reading.undefined("no_claims: what is cited claims nothing that can be checked", span=view.span)
    return _reading(told, view)


def _reading(told: Sequence[Judged], view: AnswerView) -> Reading:
    held = Counter(one.held for one in told)
    right, n = held["right"], len(told)
    evidence = tuple(_evidence(told, view))
    if not view.complete and right < n:
        why = f"missing_evidence: {view.gap} is cut or redacted"
        return Reading.failed(why, bounds=(right / n, 1.0), units=n, span=view.span, evidence=evidence)
    if held["open"]:
        bounds = (right / n, (right + held["open"]) / n)
        why = f"needs_judge: support of {held['open']} of {n} citations is undecided{_unresolved(told)}"
        return Reading.failed(why, bounds=bounds, units=n, span=view.span, evidence=evidence)
    why = f"citations: {right} of {n} right{_unresolved(told)}"
    return Reading.scored(right / n, why=why, units=n, span=view.span, evidence=evidence)


def _unresolved(told: Iterable[Judged]) -> str:
    labels = dict.fromkeys(one.label for one in told if one.held == "unresolved")
    return f"; not in the prompt: {', '.join(list(labels)[:5])}" if labels else ""


def _evidence(told: Iterable[Judged], view: AnswerView) -> Iterable[Evidence]:
    """The words behind every citation that is not right."""
    for one in told:
        if one.held in ("wrong", "unresolved"):
            citing = one.citing
            quote = (view.answer or "")[citing.start : citing.end]
            field = f"answer, citing {one.label} ({'not in the prompt' if one.held == 'unresolved' else 'no support'})"
            yield Evidence(span=view.span or "", field=field, quote=quote, start=citing.start, end=citing.end)


Asks: TypeAlias = Generator[Ask, Checked, list[Judged]]


def _judge(citing: Citing, view: AnswerView) -> Asks:
    """Every label of one group, alone first, then together where alone it is not enough."""
    alone: list[Held] = []
    for target in citing.targets:
        held: Held = "unresolved"
        if target:
            held = yield from _supported(citing, target, view)
        alone.append(held)
    several = [target for target in citing.targets if target]
    if len(several) > 1 and "right" not in alone and not citing.any_of:
        alone = yield from _together(citing, alone, view)
    return [Judged(citing, label, held) for label, held in zip(citing.labels, alone, strict=True)]


def _together(citing: Citing, alone: Sequence[Held], view: AnswerView) -> Generator[Ask, Checked, list[Held]]:
    """A claim that needs several passages: right is each without which the others no longer support it."""
    every = _union(citing.targets)
    whole = yield from _supported(citing, every, view)
    if whole != "right":
        return list(alone)
    found: list[Held] = []
    for target, before in zip(citing.targets, alone, strict=True):
        rest = _union([other for other in citing.targets if other is not target])
        needed = bool(target) and (yield from _supported(citing, rest, view)) != "right"
        found.append("right" if needed else before)
    return found


def _union(targets: Iterable[tuple[Passage, ...]]) -> tuple[Passage, ...]:
    return tuple(dict.fromkeys(passage for target in targets for passage in target))


def _supported(citing: Citing, target: Sequence[Passage], view: AnswerView) -> Generator[Ask, Checked, Held]:
    """Whether these passages support the words that cite; of a source line, any claim of the answer."""
    states: list[Held] = []
    for text in citing.any_of or (citing.text,):
        result = yield _ask(text, target, view)
        states.append(_held(result, target))
    if citing.any_of:
        return min(states, key=_BEST_FIRST.index)
    return states[0]


def _ask(text: str, target: Sequence[Passage], view: AnswerView) -> Ask:
    return Ask.supports(text, target, view.question, view.system)


_BEST_FIRST: Sequence[Held] = ("right", "open", "wrong", "nothing")


def _held(result: Checked, target: Sequence[Passage]) -> Held:
    """One state for all claims in some words: wrong if any is, open if any is. A cut passage may say it where it is cut."""
    outcomes = [verdict.outcome for verdict in result.verdicts if verdict.outcome != "not_checkable"]
    if not outcomes:
        return "nothing"
    if any(outcome in ("unsupported", "contradicted") for outcome in outcomes):
        return "wrong" if all(passage.whole for passage in target) else "open"
    return "open" if "defer" in outcomes else "right"
