"""Asks a model about the claims of one answer, and believes only what it can quote. No I/O: it yields Requests."""

from __future__ import annotations

import json
import re
from array import array
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import msgspec
from rapidfuzz import fuzz

from traceeval.judge._parsed import parsed
from traceeval.judge._request import Inquiry, Prompt, Reply, Request
from traceeval.measures.language import language_of, script_of
from traceeval.measures.memo import remembered
from traceeval.measures.tokens import tokenise
from traceeval.model import Claim, ClaimVerdict, Edge, Outcome, Passage

SAME = 95.0  # of 100: how much of a quote must stand in its passage
SHORTEST = 4  # characters: less is found everywhere


class Quote(msgspec.Struct, frozen=True):
    """Words of a passage."""

    passage: str
    text: str


class Said(msgspec.Struct, frozen=True):
    """What the model said of one claim."""

    id: str
    label: Literal["supported", "contradicted", "unsupported", "unsure"]
    p: float | None = None
    quotes: tuple[Quote, ...] = ()


class Sheet(msgspec.Struct, frozen=True):
    """A whole reply."""

    verdicts: tuple[Said, ...]


def _object(**fields: Any) -> dict[str, Any]:
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}


_QUOTE = _object(passage={"type": "string"}, text={"type": "string"})
_SAID = _object(
    id={"type": "string"},
    label={"type": "string", "enum": ["supported", "contradicted", "unsupported", "unsure"]},
    p={"type": ["number", "null"]},
    quotes={"type": "array", "items": _QUOTE},
)
SCHEMA = json.dumps(_object(verdicts={"type": "array", "items": _SAID}), sort_keys=True)


def inquire(
    claims: Sequence[Claim], passages: Sequence[Passage], *, prompt: Prompt, by: str, per_call: int
) -> Inquiry[list[ClaimVerdict]]:
    """A verdict for every claim: ``per_call`` of them in one request, those without an answer once more, alone."""
    groups = [claims[at : at + per_call] for at in range(0, len(claims), per_call)]
    said: dict[str, Said] = {}
    codes: dict[str, str] = {}
    yield from _round(groups, passages, prompt, said, codes)
    alone = [[claim] for group in groups if len(group) > 1 for claim in group if claim.id not in said]
    alone = [[claim] for [claim] in alone if codes.get(claim.id) == "unparsable"]
    if alone:
        yield from _round(alone, passages, prompt, said, codes)
    return [_verdict(claim, passages, said.get(claim.id), codes.get(claim.id, ""), by) for claim in claims]


def _round(
    groups: Sequence[Sequence[Claim]],
    passages: Sequence[Passage],
    prompt: Prompt,
    said: dict[str, Said],
    codes: dict[str, str],
) -> Inquiry[None]:
    """Ask every group; a reply that does not parse is asked for once more, with itself as data."""
    replies = yield tuple(_request(group, passages, prompt) for group in groups)
    broken = [at for at, reply in enumerate(replies) if reply.text is not None and parse(reply.text) is None]
    if broken:
        again = yield tuple(_request(groups[at], passages, prompt, replies[at].text) for at in broken)
        mended = dict(zip(broken, again, strict=True))
        replies = tuple(mended.get(at, reply) for at, reply in enumerate(replies))
    for group, reply in zip(groups, replies, strict=True):
        _read(group, reply, said, codes)


def _read(group: Sequence[Claim], reply: Reply, said: dict[str, Said], codes: dict[str, str]) -> None:
    sheet = parse(reply.text) if reply.text is not None else None
    wanted = {claim.id for claim in group}
    if sheet is not None:
        counted = [verdict.id for verdict in sheet.verdicts]
        said.update((v.id, v) for v in sheet.verdicts if v.id in wanted and counted.count(v.id) == 1)
    for claim_id in wanted - said.keys():
        codes[claim_id] = reply.failed or "unparsable"


def _request(
    claims: Sequence[Claim], passages: Sequence[Passage], prompt: Prompt, previous: str | None = None
) -> Request:
    data: dict[str, Any] = {
        "claims": [{"id": claim.id, "text": claim.text} for claim in claims],
        "passages": [{"id": passage.id, "text": passage.text} for passage in passages],
    }
    if previous is not None:
        data["previous_reply"] = previous
    return Request(
        prompt=prompt,
        data=json.dumps(data, ensure_ascii=False),
        schema=SCHEMA,
        most_tokens=256 + 256 * len(claims),
    )


def parse(text: str) -> Sheet | None:
    """The sheet; None when the reply is none."""
    return parsed(text, Sheet)


_OUTCOMES: Mapping[str, Outcome] = {
    "supported": "supported",
    "contradicted": "contradicted",
    "unsupported": "unsupported",
}


def _verdict(claim: Claim, passages: Sequence[Passage], said: Said | None, code: str, by: str) -> ClaimVerdict:
    if said is None:
        codes = ("checker_failed", "unparsable") if code == "unparsable" else (code,)
        return ClaimVerdict(claim=claim, outcome="defer", codes=codes, by=by)
    p = said.p if said.p is not None and 0 <= said.p <= 1 else None
    if said.label == "unsure":
        return ClaimVerdict(claim=claim, outcome="defer", p=p, codes=("unsure",), by=by)
    if said.label == "unsupported":
        return ClaimVerdict(claim=claim, outcome="unsupported", p=p, by=by)
    relation: Literal["supports", "contradicts"] = "supports" if said.label == "supported" else "contradicts"
    edges = [edge for quote in said.quotes if (edge := find(quote, claim, passages, relation)) is not None]
    if not edges or len(edges) < len(said.quotes):
        return ClaimVerdict(claim=claim, outcome="defer", p=p, codes=("bad_evidence",), by=by)
    return ClaimVerdict(claim=claim, outcome=_OUTCOMES[said.label], p=p, edges=tuple(edges), by=by)


def find(
    quote: Quote, claim: Claim, passages: Sequence[Passage], relation: Literal["supports", "contradicts"]
) -> Edge | None:
    """Where a quote stands in its passage; None when it does not, or has no word in common with the claim."""
    passage = next((passage for passage in passages if passage.id == quote.passage), None)
    if passage is None:
        return None
    wanted, (text, places) = _normal(quote.text)[0], _normal(passage.text)
    if len(wanted) < SHORTEST or not _bears_on(quote.text, claim.text) or len(wanted) > len(text) * 100 / SAME:
        return None
    at = text.find(wanted)
    start, end, ratio = at, at + len(wanted), 100.0
    if at < 0:
        found = fuzz.partial_ratio_alignment(wanted, text, score_cutoff=SAME)
        if found is None:
            return None
        start, end, ratio = found.dest_start, found.dest_end, found.score
    span = places[start], places[end - 1] + 1
    return Edge(
        passage=passage.id,
        span=span,
        relation=relation,
        weight=round(ratio / 100, 6),
        quote=passage.text[span[0] : span[1]],
    )


def _bears_on(quote: str, claim: str) -> bool:
    """Two Latin texts not known to be foreign, without one content word in common: no evidence, whatever the model says."""
    for text in (quote, claim):
        if script_of(text) != "latin" or language_of(text) not in (None, "en"):
            return True
    return bool({*tokenise(quote).content} & {*tokenise(claim).content})


_PLAIN = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-"})
_RUN = re.compile(r"\S+")


@remembered(500_000)
def _normal(text: str) -> tuple[str, array[int]]:
    """Lower case, typographic quotes straightened, runs of white space one space; and where each character stood."""
    words: list[str] = []
    places = array("q")
    for run in _RUN.finditer(text.translate(_PLAIN)):
        word = run[0].lower().replace("ς", "σ")
        if words:
            places.append(places[-1] + 1)
        words.append(word)
        if len(word) == len(run[0]):
            places.extend(range(*run.span()))
        else:  # a letter with a longer lower case, such as İ
            places.extend(at for at, char in enumerate(run[0], run.start()) for _ in char.lower())
    return " ".join(words), places
