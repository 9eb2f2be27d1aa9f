"""Which script and language a text is in, as far as short word lists tell; and support without word boundaries."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import chain, repeat

from traceeval.measures.memo import remembered
from traceeval.measures.tokens import STOP

_SCRIPTS = (
    ("han", "\u4e00", "\u9fff"),
    ("kana", "\u3040", "\u30ff"),
    ("hangul", "\uac00", "\ud7af"),
    ("thai", "\u0e00", "\u0e7f"),
    ("cyrillic", "\u0400", "\u04ff"),
    ("arabic", "\u0600", "\u06ff"),
    ("hebrew", "\u0590", "\u05ff"),
    ("greek", "\u0370", "\u03ff"),
    ("devanagari", "\u0900", "\u097f"),
)
_FUNCTION_WORDS = {
    "de": "der die das und ist nicht ein eine mit für von auf den dem zu im sich auch werden wird sind bei nach wurde",
    "fr": "le la les des et est une un dans pour que qui sur pas avec par du au aux ce cette sont été ne plus vous",
    "es": "el la los las y es una un en para que por con del se no su al lo como más pero fue está son",
    "it": "il la i gli le e è una un di che per con del della non si da al nel sono come più ma anche",
    "pt": "o a os as e é uma um de que para com não do da em se no na por mais como mas foi ao são",
    "nl": "de het een en is van niet met voor op te dat zijn aan bij door ook maar wordt naar om er",
    "sv": "och att det som en på är av för med den till inte om har de ett var men från kan",
    "da": "og at det som en på er af for med den til ikke om har de et var men fra kan der",
    "no": "og at det som en på er av for med den til ikke om har de et var men fra kan ikke seg",
    "pl": "i w nie na się z do to że jest o od po jak za przez ale oraz dla są być tego",
    "fi": "ja on ei se että oli joka mutta ovat hän kun niin kuin myös tai jos voi sen",
    "tr": "ve bir bu için ile da de olarak daha çok en olan gibi sonra kadar değil ne var",
    "id": "yang dan di itu dengan untuk tidak ini dari dalam akan pada juga ke karena tersebut ada",
    "cs": "a se na je že v to s z do o jako za ale by pro jsou po které není",
}
_LISTS = {language: frozenset(words.split()) for language, words in _FUNCTION_WORDS.items()}
_LISTED_IN = {
    word: [language for language, listed in _LISTS.items() if word in listed]
    for word in frozenset[str]().union(*_LISTS.values())
}
_WIDE = frozenset({"han", "kana", "hangul", "thai"})
ENOUGH = 8
SHARE, CLEARLY = 0.12, 0.25
_LOOKED_AT = 1200  # characters: two hundred words tell a language
_APART = "".join(chr(code) if chr(code).isalpha() else " " for code in range(128))  # for ``str.translate``
_ASCII_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


@remembered(300_000)
def script_of(text: str) -> str:
    """The script most letters are in: ``latin`` unless another has more; ``none`` without a letter."""
    if text.isascii():
        return "latin" if any(map(str.isalpha, text)) else "none"
    counts = Counter[str]()
    for char, times in Counter(text).items():
        if char.isalpha():
            counts[_script(char)] += times
    return counts.most_common(1)[0][0] if counts else "none"


def _script(char: str) -> str:
    if char < "\u0370":
        return "latin"
    return next((name for name, low, high in _SCRIPTS if low <= char <= high), "latin")


@remembered(300_000)
def language_of(text: str) -> str | None:
    """``en``, another language or script, or None where a short Latin text does not tell."""
    script = script_of(text)
    if script == "none":
        return None
    if script != "latin":
        return "ja" if script == "kana" or (script == "han" and re.search("[\u3040-\u30ff]", text)) else script
    low = text[:_LOOKED_AT].lower()
    words = _words(low)
    if len(words) < ENOUGH:
        return None
    english = sum(map(STOP.__contains__, words)) / len(words)
    if english >= CLEARLY:
        return "en"
    if english >= SHARE and english >= sum(map(_LISTED_IN.__contains__, words)) / len(words):
        return "en"  # no other language has more
    counts = Counter(chain.from_iterable(map(_LISTED_IN.get, words, repeat(()))))
    best = max(_LISTS, key=counts.__getitem__)
    share = counts[best] / len(words)
    if english >= SHARE and english >= share:
        return "en"
    return best if share >= SHARE else None


def _words(low: str) -> list[str]:
    """The words of a lower-cased text: letters, and those behind one apostrophe."""
    if not low.isascii():
        return _WORD.findall(low)
    return _ASCII_WORD.findall(low) if "'" in low else low.translate(_APART).split()


def same_language(claim: str, answer: str, evidence: str) -> tuple[str | None, bool]:
    """(language, whether claim and evidence share it). A short text inherits: from the answer, then the evidence.

    Different scripts never match; a text that cannot be told counts as the language of what it is compared with.
    """
    scripts = script_of(claim), script_of(evidence)
    if "none" not in scripts and scripts[0] != scripts[1] and not ({*scripts} <= {"han", "kana"}):
        return language_of(claim) or language_of(answer), False
    known = language_of(evidence)
    mine = language_of(claim) or language_of(answer) or known
    if mine is None or known is None:
        return mine or known or "en", True
    return mine, mine == known


def ngrams(text: str) -> frozenset[str]:
    """Distinct character n-grams: bigrams for scripts without spaces, trigrams elsewhere, and digit tokens whole."""
    size = 2 if script_of(text) in _WIDE else 3
    squeezed = re.sub(r"[^\w]+", "" if size == 2 else " ", text.lower()).strip()
    grams = {squeezed[i : i + size] for i in range(max(len(squeezed) - size + 1, 0))}
    return frozenset(gram for gram in grams if not gram.isspace()) | frozenset(re.findall(r"\d+", text))


def ngram_coverage(claim: str, sentences: Sequence[str]) -> float:
    """Share of a claim's n-grams in the three sentences that share most with it, 0..1; 0 without n-grams."""
    wanted = ngrams(claim)
    if not wanted:
        return 0.0
    best = sorted((len(wanted & ngrams(sentence)), -at) for at, sentence in enumerate(sentences))[-3:]
    found = frozenset[str]().union(*(ngrams(sentences[-at]) for _, at in best))
    return len(wanted & found) / len(wanted)
