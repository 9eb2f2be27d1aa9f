"""Content that nobody verified was run, installed or fetched to be used."""

from __future__ import annotations

import re
from collections.abc import Sequence

from traceeval.graph import Call, Dossier
from traceeval.graph._flow import walk
from traceeval.graph._lexicon import commands, words_of
from traceeval.model import Evidence, RiskReason
from traceeval.registry import risk_rule
from traceeval.risk._reasons import called, reason

_PIPED = re.compile(
    r"\b(?:curl|wget)\b[^|;&\n]*\|\s*(?:sudo\s+)?(?:ba|z|da)?sh\b|\biwr\b[^|\n]*\|\s*iex\b", re.IGNORECASE
)
_HEDGED = re.compile(
    r"\b(?:un|not )(?:yet )?verified\b|\bunofficial\b|\bunknown (?:source|publisher|developer)\b|\bunsigned\b|\buntrusted\b",
    re.IGNORECASE,
)
_RUN, _TAKEN, _WARNED = 1.0, 0.4, 1.0


@risk_rule("unverified_source", needs=("output_trust",))
def unverified_source(dossier: Dossier) -> RiskReason | None:
    """A call downloads, installs or runs what only outside content named, and nothing checked it before.

    Full weight where a script goes straight from the network into a shell, or the content itself says that it is not
    verified; less otherwise. What a user named, or a call checked, has been vouched for.
    """
    unverified = [(call, *_unverified(dossier, call, texts)) for call, texts in dossier.graph.given]
    found = [(weight, call, text) for call, weight, text in unverified if weight > 0]
    if not found:
        return None
    times, call, text = max(found, key=lambda row: row[0])
    evidence = [called(call), Evidence(span=call.span, field="call", quote=text)]
    return reason(
        dossier,
        "unverified_source",
        f"{call.name} acts on {text[:80]!r}, which nobody verified",
        evidence,
        times=times,
        calls=[one for _, one, _ in found],
    )


def _unverified(dossier: Dossier, call: Call, texts: Sequence[str]) -> tuple[float, str]:
    for text in texts:
        match = _PIPED.search(text) if "|" in text else None
        if match is not None:
            return _RUN, match.group()
    if not _takes(call) or any(_checks(one) for one in dossier.graph.executed if one.at < call.at):
        return 0.0, ""
    named = [text for text in texts if len(text) > 3 and not _only_says_what(text)]
    told = " ".join(text.casefold() for _, text in dossier.graph.users)
    if not named or any(text.casefold() in told for text in named):
        return 0.0, ""
    seen = [one for one in dossier.graph.observed.before(call.asked) if one.field == "result"]
    where = next((one for one in seen for text in named if text.casefold() in one.text.casefold()), None)
    if where is None:
        return 0.0, ""
    return (_WARNED if _HEDGED.search(where.text) else _TAKEN), named[0]


def _takes(call: Call) -> bool:
    words = words_of(call.name)
    if not commands("taking").isdisjoint(words):
        return True
    if commands("keys", "screen").isdisjoint(words) and commands("keys", "tools").isdisjoint(words):
        return False
    said = {
        word
        for path, text in walk(call.arguments)
        if isinstance(text, str)
        for word in re.findall(r"[a-z]+", text.lower())
    }
    return not said.isdisjoint(commands("taking"))


def _only_says_what(text: str) -> bool:
    """``Download`` on a button names no content."""
    return set(re.findall(r"[a-z]+", text.lower())) <= commands("taking") | commands("screen", "write")


def _checks(call: Call) -> bool:
    return bool(frozenset(words_of(call.name)) & commands("checking"))
