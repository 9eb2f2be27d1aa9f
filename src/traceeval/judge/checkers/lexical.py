"""The embedded checker: ``lexical@2`` and, where asked for, ``lexical@1``.

No key, no network, no model; it finds missing support and knows its limits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from msgspec import structs

from traceeval.errors import ConfigError
from traceeval.judge._ask import Ask
from traceeval.judge._judges import Judges
from traceeval.measures.claims import Sentence, asserted, claims_of
from traceeval.measures.flips import ALIGNED, qualifiers, vetoes
from traceeval.measures.language import language_of, ngram_coverage, same_language
from traceeval.measures.numbers import computed_from, digit_values, has_decimal_comma, time_between
from traceeval.measures.questions import without_questions
from traceeval.measures.reasons import reason_codes
from traceeval.measures.support import (
    PENALTY,
    Context,
    Features,
    content_count,
    features_of,
    v1,
    v2,
)
from traceeval.model import Checked, Claim, ClaimVerdict, Diff, Edge, Outcome, Passage
from traceeval.registry import checker

CUT, HALF_BAND, FALLBACK_BAND = 0.5, 0.15, 0.25
MIN_CONTENT = 3
READ_TOO = ("lead_in", "refusal", "referral")  # no claims, but the support of the whole answer reads their words too
FORMULAS: dict[int, Callable[[Sequence[Features]], float]] = {1: v1, 2: v2}


class LexicalChecker:
    """Coverage, order, numbers and names against the passages in the prompt (faithfulness.md sections 2-5, 8)."""

    can = frozenset({"edges"})

    def __init__(self, version: int = 2) -> None:
        """Choose the formula.

        Raises:
            ConfigError: there is no such version.
        """
        if version not in FORMULAS:
            raise ConfigError(f"lexical@{version}: there are lexical@1 and lexical@2")
        self.id = f"lexical@{version}"
        self._formula = FORMULAS[version]
        self._counted = READ_TOO if version > 1 else ()

    def check(self, ask: Ask) -> Checked:
        """Every claim of the answer with its verdict; deterministic."""
        context = Context([without_questions(p.text) if p.kind == "user" else p.text for p in ask.passages])
        sentences = claims_of(ask.answer)
        whole = " ".join([passage.text for passage in ask.passages])[:20_000]
        judged = [self._judge(n, s, ask, context, whole) for n, s in enumerate(sentences, 1)]
        asked = [
            (sentence, features)
            for sentence, (features, verdict) in zip(sentences, judged, strict=True)
            if verdict.outcome != "not_checkable"
        ]
        checkable = [
            features
            for features, verdict in judged
            if verdict.outcome != "not_checkable" or verdict.claim.skip in self._counted
        ]
        kept, dropped = _qualifiers(asked, context)
        return Checked(
            verdicts=tuple([verdict for _, verdict in judged]),
            passages=ask.passages,
            by=self.id,
            can=self.can,
            support=self._formula(checkable) if asked else None,
            refusal=_refuses(judged),
            kept=kept,
            dropped=dropped,
            language=language_of(ask.answer) or language_of(whole),
        )

    def _judge(
        self, number: int, sentence: Sentence, ask: Ask, context: Context, whole: str
    ) -> tuple[Features, ClaimVerdict]:
        skip = sentence.skip
        found = features_of(sentence.tokens, sentence.text, context)
        claim = Claim(id=f"c{number}", text=sentence.text, span=(sentence.start, sentence.end), skip=skip)
        p = support = self._formula([found])
        if skip is not None:
            decided: Decided = "not_checkable", (skip,), (), p
        else:
            decided = _decide(sentence, found, p, ask, context, whole)
        outcome, codes, diffs, p = decided
        return found, ClaimVerdict(
            claim=claim,
            outcome=outcome,
            p=p,
            codes=codes,
            diffs=diffs,
            by=self.id,
            edges=tuple(_edges(sentence, found, context, ask.passages)),
            features=(
                ("cov", found.cov),
                ("lcs", found.lcs),
                ("near", found.near),
                ("order", found.order),
                ("pairs", found.pairs),
                ("support", support),
            ),
            missing=(*found.numbers, *found.names),
        )


def _refuses(judged: Sequence[tuple[Features, ClaimVerdict]]) -> bool:
    """An answer refuses when it says so and claims nothing else."""
    outcomes = [verdict for _, verdict in judged]
    return any(v.claim.skip == "refusal" for v in outcomes) and all(v.outcome == "not_checkable" for v in outcomes)


Decided = tuple[Outcome, tuple[str, ...], tuple[Diff, ...], float]


def _decide(sentence: Sentence, found: Features, p: float, ask: Ask, context: Context, whole: str) -> Decided:
    """The outcome of one claim, in the order of faithfulness.md section 4."""
    if not len(context):
        return "unsupported", ("no_context",), (), 0.0
    language, same = same_language(sentence.text, ask.answer, whole)
    if not same:
        return "defer", ("language_mismatch",), (), p
    if language != "en":
        return _without_words(sentence, found, context)
    if content_count(sentence.tokens) < MIN_CONTENT:
        made = ("computed_number",) if found.numbers and _computed(sentence, found, context) else ()
        return "defer", ("too_short", *made), (), p
    best = context.sentences[found.evidence[0]] if found.evidence else None
    diffs: tuple[Diff, ...] = ()
    if best is not None and found.best_share >= ALIGNED:
        diffs = vetoes(sentence.tokens, sentence.text, best.tokens, best.text)
    if diffs:
        return "defer", tuple(dict.fromkeys(f"veto_{diff.veto}" for diff in diffs)), diffs, p
    if found.numbers and _computed(sentence, found, context):
        return "defer", ("computed_number",), (), p
    if has_decimal_comma(sentence.tokens.low):
        return "defer", ("decimal_comma",), (), p
    codes = reason_codes(asserted(sentence.tokens, sentence.text), found, context)
    if abs(p - CUT) < HALF_BAND:
        return "defer", ("uncertain", *codes), (), p
    return ("supported" if p >= CUT else "unsupported"), codes, (), p


def _without_words(sentence: Sentence, found: Features, context: Context) -> Decided:
    """Languages without an English stemmer: character n-grams in the three best sentences."""
    pieces = [spoken.text for page in context.pages for spoken in page.sentences]
    p = max(0.0, ngram_coverage(sentence.text, pieces) - PENALTY * found.nummiss)
    if abs(p - CUT) < FALLBACK_BAND:
        return "defer", ("uncertain", "language_fallback"), (), p
    return ("supported" if p >= CUT else "unsupported"), ("language_fallback",), (), p


def _computed(sentence: Sentence, found: Features, context: Context) -> bool:
    """Every missing number is arithmetic on two observed ones: not to be condemned, not to be believed."""
    values = dict(digit_values(sentence.tokens))
    observed, words = context.observed, sentence.tokens.low
    return all(
        computed_from(raw, value, observed, words)
        if isinstance(value := values.get(raw), float)
        else time_between(raw, context.numbers)
        for raw in found.numbers
    )


def _edges(sentence: Sentence, found: Features, context: Context, passages: Sequence[Passage]) -> Iterator[Edge]:
    content = frozenset(sentence.tokens.content)
    for at in found.evidence:
        source, passage = context.sentences[at], passages[context.passage_of(at)]
        yield Edge(
            passage=passage.id,
            span=(source.start, source.end),
            weight=round(len(content & context.contents[at]) / len(content), 6),
            quote=passage.text[source.start : source.end],
        )


def _qualifiers(asked: Sequence[tuple[Sentence, Features]], context: Context) -> tuple[int, tuple[Diff, ...]]:
    """(kept, dropped): qualifiers of the sentences the answer used that survive in a claim, and those that do not."""
    used: dict[int, Sentence] = {}
    for claim, features in asked:
        if features.evidence and features.best_share >= ALIGNED:
            used.setdefault(features.evidence[0], claim)
    told = [(word, claim, at) for at, claim in used.items() for word in qualifiers(context.sentences[at].tokens)]
    if not told:
        return 0, ()
    said = {word for claim, _ in asked for word in qualifiers(claim.tokens)}
    dropped = tuple(
        [
            Diff(veto="dropped", claim=claim.text, source=f"{word}: {context.sentences[at].text}")
            for word, claim, at in told
            if word not in said
        ]
    )
    return len(told) - len(dropped), dropped


class ByClaim:
    """The embedded checker on claims that others split: each is read as an answer of its own."""

    can = LexicalChecker.can

    def __init__(self, reader: LexicalChecker) -> None:
        self.id = reader.id
        self._reader = reader

    def check(self, claims: Sequence[Claim], passages: Sequence[Passage]) -> Sequence[ClaimVerdict]:
        """A verdict for every claim; of several sentences in one, the least supported speaks."""
        return [self._one(claim, passages) for claim in claims]

    def _one(self, claim: Claim, passages: Sequence[Passage]) -> ClaimVerdict:
        found = self._reader.check(Ask.supports(claim.text, passages)).verdicts
        if not found:
            return ClaimVerdict(claim=claim, outcome="not_checkable", codes=("no_content",), by=self.id)
        asked = [verdict for verdict in found if verdict.outcome != "not_checkable"] or list(found)
        return structs.replace(min(asked, key=lambda verdict: verdict.p or 0.0), claim=claim)


@checker("lexical")
def lexical(judges: Judges, *, version: int = 2) -> ByClaim:
    """The embedded checker: no key, no network, no model."""
    return ByClaim(LexicalChecker(version))
