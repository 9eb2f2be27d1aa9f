"""Agents of the shop for tests: one that understands every telling, and some that each stumble over one."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

ID = re.compile(r"BL-\d+")
CANCEL = sorted("cancel")


def bot(
    confused: Callable[[list[str]], bool] = lambda said: False,
    choose: Callable[[list[str]], str | None] | None = None,
    declined: Callable[[str], str | None] = lambda reply: None,
) -> Callable[[Any], None]:
    """A support agent. ``confused``: by what the user said so far; then it gives up. ``choose``: the order, None: ask.

    ``declined``: what it says for good when a proposal is answered so; None: it proposes again.
    """

    def run(session: Any) -> None:
        said = [session.messages[-1].content]
        while not session.ended:
            if confused(said):
                return give_up(session, "I am sorry, I do not understand.")
            if not wants(said):
                said.append(session.say("What can I do for you?") or "")
                continue
            order = (choose or meant)(said)
            if order is None:
                said.append(session.say("Which order is it, by its order id?") or "")
                continue
            return cancel(session, order, declined)

    return run


def cancel(session: Any, order: str, declined: Callable[[str], str | None]) -> None:
    session.call_tool("get_order", {"order_id": order})
    while not session.ended:
        reply = session.say(f"Order {order} is open. Shall I cancel it?") or ""
        if re.search(r"\b(?:yes|ja)\b", reply, re.IGNORECASE):
            session.call_tool("cancel_order", {"order_id": order})
            session.say(f"Order {order} is cancelled.")
        elif (last := declined(reply)) is not None:
            return give_up(session, last)


def give_up(session: Any, words: str) -> None:
    while not session.ended:
        session.say(words)


def wants(said: list[str]) -> bool:
    words = re.findall(r"[^\W\d_]+", " ".join(said).casefold())
    return any(sorted(word) == CANCEL or word in ("storniere", "want") for word in words)


def meant(said: list[str]) -> str | None:
    """The order the user means: what they said they mean, else the only one they named."""
    text = " ".join(said)
    corrected = re.search(r"I mean (BL-\d+)", text)
    if corrected:
        return corrected[1]
    named = set(ID.findall(text))
    return named.pop() if len(named) == 1 else None


def sentences(text: str) -> list[str]:
    return re.split(r"(?<=[.!?])\s+", text)


@dataclass(frozen=True)
class Keyed:
    """An agent keyed to one wording, and the operators that break it."""

    name: str
    breaks: frozenset[str]
    run: Callable[[Any], None]


KNOWN = frozenset(
    "please cancel order bl yes hello i need your help my it is or mean no wait got that wrong not about hey pls thx dear sir "
    "madam am writing to you with the following request thank in advance yours faithfully by way until when are open today "
    "before go on true moving one moment someone at door back where were we hope having a good week has been raining here all "
    "morning neighbour told me shop sorry bother this hour bitte storniere bestellung ja".split()
)


def _fronted(said):
    found = ID.search(said[0])
    verb = said[0].casefold().find("cancel")
    return found is not None and 0 <= found.start() < verb


def _trailing(said):
    return ID.search(said[0]) is not None and ID.search(sentences(said[0])[-1]) is None


def _named(said):
    return ID.findall(" ".join(said))


def _keyed(name: str, *breaks: str, **how: Any) -> Keyed:
    return Keyed(name, frozenset(breaks), bot(**how))


def _guess(said):
    return meant(said) or ("BL-2" if not _named(said) else None)


AGENTS = (
    _keyed("begins with the verb", "reordered", confused=lambda said: said[0].startswith("About")),
    _keyed("wants the verb before the id", "reordered", confused=_fronted),
    _keyed("reads three sentences as three requests", "irrelevant_talk", confused=lambda s: len(sentences(s[0])) == 3),
    _keyed("wants the id last", "irrelevant_talk", "register", confused=_trailing),
    _keyed(
        "spells cancel",
        "typing_errors",
        confused=lambda said: "BL-" in said[0] and not re.search("cancel|storniere|want", said[0], re.IGNORECASE),
    ),
    _keyed(
        "knows a list of words",
        "typing_errors",
        confused=lambda said: bool(set(re.findall(r"[^\W\d_]+", said[0].casefold())) - KNOWN),
    ),
    _keyed("wants a capital", "register", confused=lambda said: said[0][0].islower()),
    _keyed("takes letters for complaints", "register", confused=lambda said: said[0].startswith("Dear")),
    _keyed("takes a greeting for all", "split_turns", confused=lambda said: "help" in said[0]),
    _keyed("wants the id at once", "split_turns", "missing_fact", confused=lambda said: not ID.search(said[0])),
    _keyed("guesses", "missing_fact", choose=_guess),
    _keyed("does not ask", "missing_fact", confused=lambda said: "order" in said[0] and not ID.search(said[0])),
    _keyed("takes the last id", "ambiguous_reference", choose=lambda said: (_named(said) or [None])[-1]),
    _keyed("takes the largest id", "ambiguous_reference", "correction", choose=lambda s: max(_named(s), default=None)),
    _keyed("takes the first id", "correction", choose=lambda said: (_named(said) or [None])[0]),
    _keyed("takes no for no", "correction", confused=lambda said: "No, wait" in said[0]),
    _keyed("takes all but yes for no", "unexpected_turn", declined=lambda reply: "I leave it as it is."),
    _keyed("answers what it is asked", "unexpected_turn", declined=lambda r: "Until six." if "?" in r else None),
    _keyed("reads English", "other_language", confused=lambda said: "Bestellung" in said[0]),
    _keyed("fears foreign words", "other_language", confused=lambda said: "storniere" in said[0]),
)
"""Twenty agents, each broken by exactly these operators."""
