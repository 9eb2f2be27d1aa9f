"""What a question asks for, in words, and how much of it a text could meet. No label, no model: content stems and their rarity.

Meeting a question is not answering it. A text that has every word of a question may still not answer it, and one that
answers it in other words meets little of it; so this compares texts with each other and decides nothing by itself.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence

from traceeval.measures.numbers import values_of
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
    r"|\b(?:until|by|since) when\b|\bhow (?:\w+ )?(?:times|days|weeks|hours)\b",
    re.IGNORECASE,
)
_ALIKE = 5  # letters from which on one stem may be the head of another: deliver, delivery


class Need:
    """The content stems of a question, the rare ones heavy: ``weight(t) * idf(t)`` over the texts it is compared with.

    A question for a quantity needs a number too, as heavy as its mean stem; numbers of the question itself do not count.
    """

    def __init__(self, question: str, texts: Sequence[str]) -> None:
        tokens = tokenise(question)
        terms = [term for term in dict.fromkeys(tokens.content) if term not in _FRAME]
        terms = terms or list(dict.fromkeys(tokens.content))
        self.weights = {term: weight(term) * _rarity(term, texts) for term in terms}
        self._words = {VALUE: VALUE, **dict(zip(reversed(tokens.stems), reversed(tokens.low), strict=True))}
        self._asked = values_of(tokens)
        if terms and _ASKS_VALUE.search(question):
            self.weights[VALUE] = math.fsum(self.weights.values()) / len(terms)
        self._total = math.fsum(self.weights.values())
        self._known: dict[str, float] = {}

    def __bool__(self) -> bool:
        """Whether the question names anything to look for."""
        return bool(self.weights)

    def terms_in(self, text: str) -> frozenset[str]:
        """Which of its terms a text has."""
        page = page_of(text)
        return self._found(page.stems, lambda: bool(page.numbers - self._asked))

    def missing_in(self, *texts: str) -> tuple[str, ...]:
        """Its words that none of these texts has, heaviest first, as the question spells them."""
        found = frozenset[str]().union(*map(self.terms_in, texts))
        left = sorted(self.weights.keys() - found, key=lambda term: (-self.weights[term], term))
        return tuple(self._words[term] for term in left)

    def covered(self, tokens: Tokens) -> float:
        """Share of the need in some words, 0..1; 0 without a need."""
        return self._share(self._found(frozenset(tokens.stems), lambda: bool(values_of(tokens) - self._asked)))

    def met(self, text: str) -> float:
        """How far a text meets the question, 0..1: the share in all of it times the share in its best sentence.

        A text may be about the thing and no sentence of it say what is asked, or the other way round.
        """
        known = self._known.get(text)
        if known is None:
            best = max((self.covered(sentence.tokens) for sentence, _ in page_of(text).sentences), default=0.0)
            known = self._known[text] = self._share(self.terms_in(text)) * best
        return known

    def met_by(self, source: str, spoken: Tokens) -> float:
        """How far some words taken from a source meet the question, 0..1: as ``met``, with them for the sentence."""
        return self._share(self.terms_in(source)) * self.covered(spoken)

    def best_sentence(self, text: str) -> tuple[int, int]:
        """Range of the sentence that meets most, the first of equals; (0, 0) for an empty text."""
        sentences = [sentence for sentence, _ in page_of(text).sentences]
        best = max(sentences, key=lambda sentence: self.covered(sentence.tokens), default=None)
        return (best.start, best.end) if best is not None else (0, 0)

    def _found(self, stems: frozenset[str], valued: Callable[[], bool]) -> frozenset[str]:
        return frozenset(term for term in self.weights if (valued() if term == VALUE else _has(term, stems)))

    def _share(self, found: Iterable[str]) -> float:
        return math.fsum(self.weights[term] for term in found) / self._total if self._total else 0.0


def _rarity(term: str, texts: Sequence[str]) -> float:
    """Inverse document frequency; 1 among three texts or fewer, as in the support formula."""
    n = len(texts)
    df = sum(_has(term, page_of(text).stems) for text in texts)
    return math.log(1 + n / (df + 0.5)) if n > 3 else 1.0


def _has(term: str, stems: frozenset[str]) -> bool:
    """Whether a stem is there, or one that begins with it or that it begins with: delivery, deliver."""
    if term in stems:
        return True
    if len(term) < _ALIKE or not term.isalpha():
        return False
    return any(len(one) >= _ALIKE and (one.startswith(term) or term.startswith(one)) for one in stems)
