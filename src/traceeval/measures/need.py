"""What a question asks for, in words, and how much of it a text could meet. No label, no model: content stems and their rarity.

Meeting a question is not answering it. A text that has every word of a question may still not answer it, and one that
answers it in other words meets little of it; so this compares texts with each other and decides nothing by itself.
"""

from __future__ import annotations

import math
import re
from collections import Counter
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
        self._long = tuple(term for term in self._terms if len(term) >= _ALIKE and term.isalpha())
        self._tokens = tokens
        self._in: dict[str, tuple[dict[str, frozenset[str]], frozenset[str]]] = {}
        self._met: dict[str, float] = {}
        self.weights = self._weigh(texts)
        self._total = math.fsum(self.weights.values())

    def __bool__(self) -> bool:
        """Whether the question names anything to look for."""
        return bool(self._terms)

    def _weigh(self, texts: Sequence[str]) -> dict[str, float]:
        found = [self.terms_in(text) for text in texts]
        n, df = len(found), Counter(chain.from_iterable(found))
        weights = {term: weight(term) * (math.log(1 + n / (df[term] + 0.5)) if n > 3 else 1.0) for term in self._terms}
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
        found = {term: frozenset({term}) for term in self._terms if term in stems}
        heads = {stem[:_ALIKE] for stem in stems} if self._long else ()
        for term in self._long:
            if term[:_ALIKE] in heads and (alike := _alike(term, stems)):
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

    def met_by(self, source: str, spoken: str) -> float:
        """How far some words taken from a source meet the question, 0..1: as ``met``, with them for the sentence."""
        return self._share(self.terms_in(source)) * self._share(self._spoken_terms(spoken))

    def _spoken_terms(self, spoken: str) -> frozenset[str]:
        """The same as ``terms_in`` of words that are no passage, which nobody else asks about: not taken apart for it."""
        tokens = tokenise(spoken)
        found = frozenset(self._found(frozenset(tokens.stems)))
        if not self._valued:
            return found
        valued = digits_beside(tokens.low, self._asked) or (
            not SPELLED.isdisjoint(tokens.low) and not page_of(spoken).numbers <= self._asked
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
        return self._share(there)

    def _share(self, found: Iterable[str]) -> float:
        return math.fsum(map(self.weights.__getitem__, found)) / self._total if self._total else 0.0


def _alike(term: str, stems: Iterable[str]) -> frozenset[str]:
    """Stems that are this one, begin with it, or it with them: delivery, deliver. Digits are never alike."""
    return frozenset([one for one in stems if len(one) >= _ALIKE and (one.startswith(term) or term.startswith(one))])
