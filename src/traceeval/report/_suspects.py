"""What a report says of suspects: always as inferred, always with how far gold bears them out, where there is gold."""

from __future__ import annotations

from collections.abc import Iterator

from traceeval.model import Attributed, Rate, Suspects
from traceeval.report._numbers import counted, percent, percents, plural

SUSPECTED = "Suspected: inferred from the record alone, no gold used, at most two a trace"
WORDS = {
    "beside_the_question": "answer beside the question",
    "refused": "answer declines",
    "rests_on_cut": "answer rests on a cut chunk",
    "unsupported": "claims without support",
    "language": "not English",
    "no_answer": "no answer recorded",
    "no_claims": "nothing claimed",
    "no_prompt": "prompt not recorded",
    "no_question": "no question recorded",
    "no_retrieval": "no retrieval",
    "no_signal": "no signal",
    "no_symptom": "no symptom",
    "no_terms": "question without content",
    "no_texts": "no document texts",
}


def suspect_lines(found: Suspects) -> Iterator[str]:
    """Why anybody is suspected and why nobody, then the agreement with gold."""
    symptoms = counted({WORDS[name]: n for name, n in found.symptoms.items()})
    abstained = counted({WORDS[name]: n for name, n in found.abstained.items()}, 8)
    yield f"suspects in {found.suspected:,} of {plural(found.traces, 'trace')}" + (f": {symptoms}" if symptoms else "")
    if abstained:
        yield f"no suspects: {abstained}"
    if found.agreed.n:
        yield (
            f"beside gold: of {plural(found.agreed.n, 'trace')} whose culprit gold knows, it is among the two in "
            f"{_rate(found.agreed)}, the first in {_rate(found.agreed_first)}"
        )
    if found.alarms.n:
        yield f"of {plural(found.alarms.n, 'trace')} in which gold finds nothing wrong, {_rate(found.alarms)} have suspects"
    if not found.agreed.n and not found.alarms.n:
        yield "no gold here to say how far suspects are right: label some of these traces to know"


def attributed_line(found: Attributed | None) -> str:
    """In how many failed traces steps are named, and why none is in the others; empty where nothing failed."""
    if found is None or not found.failed:
        return ""
    why = counted({_WHERE[name]: n for name, n in found.abstained.items()})
    others = f"; in the others none: {why}" if why else ""
    return f"where it went wrong: steps named in {found.attributed:,} of {plural(found.failed, 'failed trace')} (attribution.jsonl){others}"


_WHERE = {"one_step": "one step only"}


def _rate(rate: Rate) -> str:
    return f"{percent(rate.value)} ({percents(rate.low, rate.high)})"
