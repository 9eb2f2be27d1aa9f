"""What a question asks for, in words, and how much of it a text could meet. No label, no model: content stems and their rarity.

Meeting a question is not answering it. A text that has every word of a question may still not answer it, and one that
answers it in other words meets little of it; so this compares texts with each other and decides nothing by itself.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from traceeval.measures.numbers import SPELLED, digits_beside, states_beside, values_of
from traceeval.measures.support import page_of
from traceeval.measures.tokens import Tokens, stem, tokenise, weight

VALUE = "a number"
_FRAME = frozenset(
    stem(word)
    for word in (
        # how a question is put
        "able allowed explain far fast know long many mean means much often old please possible quickly soon tell "
        # verbs that carry little
        "become come get give go happen keep let make put "
        # function words the checker's stop list leaves out
        "across along already anybody anyone anything another around away because either else ever everybody everyone "
        "everything instead nobody now one per since somebody someone something still though upon via whether while within "
        "without yet"
    ).split()
)
_ASKS_VALUE = re.compile(
    r"\bhow (?:many|much|long|often|old|tall|fast|late|soon|quickly|high|deep|far|large|big|loud|hot|heavy|wide|thick)\b"
    r"|\b(?:what|which)\b(?:\W+\w+){0,3}?\W+(?:price|costs?|fees?|charge|rate|percentage|temperature|pressure|age|limit|size|number|amount|"
    r"date|year|time|depth|height|speed|dose|maximum|minimum)\b"
    r"|\bwhat (?:do|does|did|will|would)\b.*\bcost\b"
    r"|\b(?:until|by|since) when\b|\bhow (?:\w+ )?(?:times|days|weeks|hours)\b",
    re.IGNORECASE,
)
_ALIKE = 5  # letters from which on one stem may be the head of another: deliver, delivery


class Need:
    """The content stems of a question, the rare ones heavy: ``weight(t) * idf(t)`` over the texts it is compared with.

    A question for a quantity needs a number too, as heavy as its mean stem; numbers of the question itself do not count.
    Three texts or fewer tell nothing of rarity: idf is 1 there, as in the support formula.
    """

    def __init__(self, question: str, texts: Sequence[str]) -> None:
        tokens = tokenise(question)
        content = tuple(dict.fromkeys(tokens.content))
        self._terms = tuple(term for term in content if term not in _FRAME) or content
        self._asked = values_of(tokens)
        self._valued = bool(self._terms) and _ASKS_VALUE.search(question) is not None
        self._long = tuple([term for term in self._terms if _is_long(term)])
        self._long_heads = frozenset([term[:_ALIKE] for term in self._long])
        self._heads = [(term, _head(term)) for term in self._terms]
        self._tokens = tokens
        self._itself = {term: frozenset({term}) for term in self._terms}
        self._in: dict[str, tuple[dict[str, frozenset[str]], frozenset[str]]] = {}
        self._met: dict[str, float] = {}
        self._shares: dict[frozenset[str], float] = {}
        self.weights = self._weigh(texts)
        self._total = math.fsum(self.weights.values())

    def __bool__(self) -> bool:
        """Whether the question names anything to look for."""
        return bool(self._terms)

    def _weigh(self, texts: Sequence[str]) -> dict[str, float]:
        found = [self._read(text)[1] for text in texts]
        n, weights = len(found), {term: weight(term) for term in self._terms}
        for term in self._terms if n > 3 else ():
            weights[term] *= math.log(1 + n / (sum([term in terms for terms in found]) + 0.5))
        if self._valued:
            weights[VALUE] = math.fsum(weights.values()) / len(weights)
        return weights

    def terms_in(self, text: str) -> frozenset[str]:
        """Which of its terms a text has."""
        return self._read(text)[1]

    def _read(self, text: str) -> tuple[dict[str, frozenset[str]], frozenset[str]]:
        """What of it a text has: the terms with their stems there, and the terms with a number where one is asked for."""
        known = self._in.get(text)
        if known is None:
            page = page_of(text)
            found = self._found(page.stems)
            valued = self._valued and not page.numbers <= self._asked
            known = self._in[text] = found, frozenset((*found, VALUE) if valued else found)
        return known

    def _found(self, stems: frozenset[str]) -> dict[str, frozenset[str]]:
        """Term -> the stems that are it, or alike; only terms that have any."""
        found = {term: itself for term, itself in self._itself.items() if term in stems}
        near = [one for one in stems if one[:_ALIKE] in self._long_heads] if self._long else ()
        for term in self._long if near else ():
            if alike := _alike(term, near):
                found[term] = alike
        return found

    def missing_in(self, *texts: str) -> tuple[str, ...]:
        """Its words that none of these texts has, heaviest first, as the question spells them."""
        left = self.weights.keys() - frozenset[str]().union(*map(self.terms_in, texts))
        spelled = {VALUE: VALUE, **dict(zip(reversed(self._tokens.stems), reversed(self._tokens.low), strict=True))}
        return tuple(spelled[term] for term in sorted(left, key=lambda term: (-self.weights[term], term)))

    def met(self, text: str) -> float:
        """How far a text meets the question, 0..1: the share in all of it times the share in its best sentence.

        A text may be about the thing and no sentence of it say what is asked, or the other way round.
        """
        known = self._met.get(text)
        if known is None:
            known = 0.0
            found, terms = self._read(text)
            if found:
                best = max([self._said(sentence.tokens, found) for sentence in page_of(text).sentences])
                known = self._share(terms) * best
            self._met[text] = known
        return known

    def best_of(self, texts: Iterable[str]) -> int | None:
        """Which of some texts, counted from 0, meets it best, the first of equals; None where there are none."""
        best, most = None, -1.0
        for at, text in enumerate(texts):
            if (text in self._met or self._may_meet(text, most)) and (known := self.met(text)) > most:
                best, most = at, known
        return best

    def _may_meet(self, text: str, most: float) -> bool:
        """Whether a text may meet more of it than ``most``; most texts need not be taken apart to see that they do not.

        No sentence has more terms than its text, and no text has others than those whose first letters stand in it.
        """
        if text not in self._in and text.isascii():
            low = text.lower()
            if (
                self._limit(frozenset([term for term, head in self._heads if head in low and _begins(head, low)]))
                <= most
            ):
                return False
        return self._limit(self._read(text)[1]) > most

    def _limit(self, terms: frozenset[str]) -> float:
        """The most a text of these terms can meet; a sentence may state a number that the text was not known by."""
        whole = self._share(terms | {VALUE}) if self._valued else self._share(terms)
        return whole * whole

    def met_by(self, source: str, spoken: frozenset[str]) -> float:
        """How far some words taken from a source meet the question, 0..1: as ``met``, with their terms for the sentence."""
        return self._share(self.terms_in(source)) * self._share(spoken)

    def terms_spoken(self, pieces: Sequence[str]) -> frozenset[str]:
        """The same as ``terms_in`` of pieces that are no passage together: not taken apart for it."""
        spoken = [tokenise(piece) for piece in pieces]
        low = frozenset(chain.from_iterable([tokens.low for tokens in spoken]))
        found = frozenset(self._found(frozenset(chain.from_iterable([tokens.stems for tokens in spoken]))))
        if not self._valued:
            return found
        valued = digits_beside(low, self._asked) or (
            not SPELLED.isdisjoint(low) and not page_of(" ".join(pieces)).numbers <= self._asked
        )
        return found | {VALUE} if valued else found

    def best_sentence(self, text: str) -> str:
        """The sentence that meets most, the first of equals; empty for an empty text."""
        found, _ = self._read(text)
        sentences = page_of(text).sentences
        best = max(sentences, key=lambda sentence: self._said(sentence.tokens, found), default=None)
        return best.text if best is not None else ""

    def _said(self, tokens: Tokens, found: Mapping[str, frozenset[str]]) -> float:
        """Share of the need in one sentence of a text of which the stems are known."""
        there = [term for term, stems in found.items() if not stems.isdisjoint(tokens.stems)]
        if self._valued and states_beside(tokens, self._asked):
            there.append(VALUE)
        return self._share(frozenset(there))

    def _share(self, found: frozenset[str]) -> float:
        known = self._shares.get(found)
        if known is None:
            known = math.fsum(map(self.weights.__getitem__, found)) / self._total if self._total else 0.0
            self._shares[found] = known
        return known


def _is_long(term: str) -> bool:
    return len(term) >= _ALIKE and term.isalpha()


def _head(term: str) -> str:
    """Letters that stand in every text that has a term, or one alike; stemming changes nothing but an end into y."""
    return term[: _ALIKE - 1] if _is_long(term) else term.removesuffix("y")


def _begins(head: str, low: str) -> bool:
    """Whether some letters, or digits, stand in a text where no more of their kind stand before them."""
    kind = str.isdigit if head[:1].isdigit() else str.isalpha
    at = low.find(head)
    while at > 0 and kind(low[at - 1]):
        at = low.find(head, at + 1)
    return at >= 0


def _alike(term: str, stems: Iterable[str]) -> frozenset[str]:
    """Of stems that share its first letters those that are it, begin with it, or it with them: delivery, deliver."""
    return frozenset([one for one in stems if one.startswith(term) or term.startswith(one)])
