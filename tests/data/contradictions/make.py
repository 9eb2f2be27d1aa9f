"""Sentences with marked words into pairs: ``python tests/data/contradictions/make.py`` writes ``pairs.jsonl``.

Every mark gives two items, one for each direction: the sentence, the sentence with that one mark flipped, and a faithful
twin. ``covered``: the flip is one a rule of ``measures/flips.py`` is meant to see; words outside the rules' lists are
reported apart, so that the suite does not grade its own answer key.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from traceeval.measures.lexicon import ANTONYMS, HEDGES, QUANTIFIERS, is_negation
from traceeval.measures.tokens import tokenise

HERE = Path(__file__).resolve().parent
MARK = re.compile(r"\[\[(\w+):(.*?)\]\]")
TAIL = re.compile(r"\{\{(.*?)\}\}")
LISTED = {"hedge": HEDGES, "quantifier": QUANTIFIERS}


def marks(line: str) -> list[tuple[str, list[str]]]:
    """(type, [here, flipped, twin, flipped twin]) of every mark of a line."""
    found = []
    for kind, text in MARK.findall(line):
        parts = text.split("=>")
        found.append(
            (
                kind,
                parts
                if len(parts) == 4
                else [parts[0], parts[1], parts[-1] if len(parts) == 3 else parts[0], parts[1]],
            )
        )
    return found


def written(line: str, at: int | None = None, said: str = "", *, tail: bool = True) -> str:
    """The sentence with its marks as they stand, mark ``at`` replaced by ``said``."""
    numbers = iter(range(1000))

    def choose(match: re.Match[str]) -> str:
        return said if next(numbers) == at else match.group(2).split("=>")[0]

    text = TAIL.sub(r"\1" if tail else "", MARK.sub(choose, line))
    text = re.sub(r"\s+", " ", text).strip()
    return text[0].upper() + text[1:]


def covered(kind: str, here: str, flipped: str) -> bool:
    """Whether the rules' lists hold the words of a flip."""
    mine, theirs = tokenise(here), tokenise(flipped)
    if kind == "antonym":
        return any((a, b) in ANTONYMS for a in mine.stems for b in theirs.stems)
    if kind == "negation":
        return sum(map(is_negation, mine.low)) != sum(map(is_negation, theirs.low))
    if kind in LISTED:
        known = LISTED[kind]
        return known.intersection(mine.low) != known.intersection(theirs.low)
    return True


def items() -> Iterator[dict[str, object]]:
    """Every item of the suite."""
    lines = (HERE / "sentences.txt").read_text(encoding="utf-8").splitlines()
    for number, line in enumerate((one for one in lines if one and not one.startswith("#")), 1):
        for at, (kind, (here, flipped, twin, other)) in enumerate(marks(line)):
            for way, (source, claim, faithful) in enumerate(((here, flipped, twin), (flipped, here, other))):
                yield {
                    "id": f"{number}-{at}-{'ab'[way]}",
                    "type": kind,
                    "direction": ("forth", "back")[way],
                    "source": written(line, at, source),
                    "flipped": written(line, at, claim),
                    "twin": written(line, at, faithful, tail=False),
                    "covered": covered(kind, here, flipped),
                }


if __name__ == "__main__":
    with (HERE / "pairs.jsonl").open("w", encoding="utf-8") as out:
        out.writelines(json.dumps(item, ensure_ascii=False) + "\n" for item in items())
