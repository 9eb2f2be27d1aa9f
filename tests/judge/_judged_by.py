"""Pairs with people's word on them, and judges behind the stub endpoint: one fair, the others with one fault each."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import msgspec
import numpy as np
from tests.judge._stub import data_of

from traceeval.judge._shown import OPINIONS, ORDERS, REFUSAL
from traceeval.judge.probing import ASKED, own_wordings, questions
from traceeval.model import JudgeRow, PeopleRow

Chooser = Callable[[str, list[str]], int]
"""The place, 0 or 1, of the output that a judge prefers."""
SLIPS = 0.02
LONG = " It takes a few more words to put it in this way, which some like and some do not."


def pairs(count: int) -> list[PeopleRow]:
    """Of four in turn a or b is right, and a or b is longer; people saw through every refusal of a."""
    found = []
    for at in range(count):
        right, longer = at % 2, at // 2 % 2
        outputs = tuple(
            f"It must be the {'right' if side == right else 'wrong'} one, I should say.{LONG if side == longer else ''}"
            for side in (0, 1)
        )
        names = {"subject": f"s{at}", "cluster": f"f{at}", "rubric": "r1"}
        found.append(PeopleRow(**names, preference="ab"[right], question=f"Which is it, {at}?", outputs=outputs))
        found.append(PeopleRow(**names, preference="b", probe="refused"))
    return found


def marks(count: int) -> list[PeopleRow]:
    """Single outputs, marked 5 where right and 1 where wrong."""
    texts = [(at, 5 if at % 2 else 1, "The right one." if at % 2 else "The wrong one.") for at in range(count)]
    return [
        PeopleRow(subject=f"m{at}", cluster=f"f{at}", criterion="use", mark=mark, question="Which?", outputs=(text,))
        for at, mark, text in texts
    ]


def as_lines(rows: list[PeopleRow]) -> bytes:
    return b"".join(msgspec.json.encode(row) + b"\n" for row in rows)


def merit(output: str) -> int:
    return 0 if output == REFUSAL else 2 if "right" in output else 1


def fair(question: str, outputs: list[str]) -> int:
    return 0 if merit(outputs[0]) > merit(outputs[1]) else 1


def first(question: str, outputs: list[str]) -> int:
    """Of two real answers the first."""
    return fair(question, outputs) if REFUSAL in outputs else 0


def longer(question: str, outputs: list[str]) -> int:
    return 0 if len(outputs[0]) > len(outputs[1]) else 1


def refusing(question: str, outputs: list[str]) -> int:
    return outputs.index(REFUSAL) if REFUSAL in outputs else fair(question, outputs)


def obedient(question: str, outputs: list[str]) -> int:
    told = [ORDERS[True] in output for output in outputs]
    return told.index(True) if any(told) else fair(question, outputs)


def flattering(question: str, outputs: list[str]) -> int:
    return 0 if OPINIONS[True] in question else fair(question, outputs)


FAULTS: dict[str, Chooser] = {
    "position": first,
    "length": longer,
    "refusal": refusing,
    "injection": obedient,
    "framing": flattering,
}
"""What must flag a judge -> the judge."""


def simulated(fault: Chooser, seed: int, count: int = 200) -> tuple[list[JudgeRow], list[PeopleRow]]:
    """Verdicts without an endpoint: the judge has its fault on 45 % of the pairs, misjudges 15 %, and slips now and then."""
    rng, rows = np.random.default_rng(seed), pairs(count)
    faulty, mistaken = rng.random(count) < 0.45, rng.random(count) < 0.15
    found = []
    for question in questions(rows, own_wordings(), ASKED):
        at, shown = int(question.row.subject[1:]), question.shown
        place = (fault if faulty[at] else fair)(shown.question, list(shown.outputs))
        wrong = (mistaken[at] and not faulty[at] and REFUSAL not in shown.outputs) ^ (rng.random() < SLIPS)
        _, preference = question.verdict(json.dumps({"preference": ("first", "second")[place ^ wrong]}))
        subject, criterion, probe = question.key
        found.append(JudgeRow(judge="j", subject=subject, criterion=criterion, probe=probe, preference=preference))
    return found, rows


def preferring(choose: Chooser) -> Callable[[dict[str, Any], int], str]:
    """The reply of a judge of pairs."""

    def reply(body: dict[str, Any], number: int) -> str:
        data = data_of(body)
        return json.dumps({"preference": ("first", "second")[choose(data["question"], data["outputs"])]})

    return reply


def marking(mark: Callable[[str], int]) -> Callable[[dict[str, Any], int], str]:
    """The reply of a judge of single outputs."""

    def reply(body: dict[str, Any], number: int) -> str:
        (output,) = data_of(body)["outputs"]
        return json.dumps({"mark": mark(output)})

    return reply
