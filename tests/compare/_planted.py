"""Production and suites of eight applications that call no tool, so that words are all there is; suites lack one topic each.

Written before the method that is scored on it was mended, in words of other trades than ``_asked``. ``asked/develop`` is
what the method was looked at with; ``asked/held_out`` was only scored. A file is an application, ``# topic`` opens a topic,
a line is one way to ask for it, ``(a|b)`` one of these, ``{n}`` a number. A suite has half of the lines of each topic, so
half of what production says stands in it in other words only.
"""

import random
import re
from pathlib import Path

from traceeval.compare import Production, find_coverage
from traceeval.measures.kinds import asked

FOLDER = Path(__file__).parent / "asked"
TRACES, CASES, LONGEST = 1500, 6, 120
TWO_LINES, TWO_WISHES, STRAY, SLIP, DROPPED = 0.3, 0.03, 0.03, 0.02, 0.03
"""Shares: messages of two lines, of two topics, of no topic; words with a slip of the finger, words left out."""
_CHOICE = re.compile(r"\(([^()]*)\)")
_BEFORE = ("", "", "", "hello, ", "hi there, ", "good morning, ", "quick question: ", "sorry to bother you, ")
_AFTER = ("", "", "", " please", " thanks", "?", " many thanks in advance", " can you help", " I am getting nervous")


def domains(half):
    """(name, topic -> lines) of each application of a half."""
    for path in sorted((FOLDER / half).glob("*.txt")):
        parts = path.read_text(encoding="utf-8").split("# ")[1:]
        yield path.stem, {name: lines for name, *lines in (part.splitlines() for part in parts)}


def worded(line, rng):
    """One of the ways that a line stands for."""
    chosen = _CHOICE.sub(lambda found: rng.choice(found[1].split("|")), line)
    return " ".join(chosen.replace("{n}", str(rng.randint(2, 9999))).split())


def production(topics, rng, n=TRACES, said=None):
    """(production without tools, topic of each trace, None: of none). ``said``: here the lines of each trace are put."""
    weights = [rng.uniform(1, 3) for _ in topics]
    liked = {topic: [rng.uniform(0.5, 1.5) for _ in lines] for topic, lines in topics.items()}
    of = [None if rng.random() < STRAY else rng.choices(list(topics), weights)[0] for _ in range(n)]
    messages = [_message(topic, topics, liked, rng) for topic in of]
    things = [asked(message[:LONGEST], ()) for message, _ in messages]
    folded = {thing: at for at, thing in enumerate(dict.fromkeys(things))}
    if said is not None:
        said.update((f"t{at}", lines) for at, (_, lines) in enumerate(messages))
    made = Production(
        things=list(folded),
        traces=[f"t{at}" for at in range(n)],
        at=[folded[thing] for thing in things],
        levels=[rng.random() for _ in range(n)],
        easy=[True] * n,
    )
    return made, of


def suite(topics, rng, said=None):
    """Case -> its one way of asking: some lines of each topic. ``said``: here the line of each case is put."""
    cases = {}
    for topic, lines in topics.items():
        for at, line in enumerate(rng.sample(lines, CASES)):
            cases[f"{topic}-{at}"] = [asked(worded(line, rng), ())]
            if said is not None:
                said[f"{topic}-{at}"] = [line]
    return cases


def planted(name, topics, gap):
    """(production, topic of each trace, a suite that has all topics, the same without one)."""
    rng = random.Random(f"{name} {gap}")
    (made, of), cases = production(topics, rng), suite(topics, rng)
    return made, of, cases, {case: ways for case, ways in cases.items() if not case.startswith(f"{gap}-")}


def score(half):
    """(planted, found, wrong): each topic of each application once; whatever is named in the twin that lacks none is wrong.

    Wrong is (application, planted topic, named topic); what is named in both of two twins counts once.
    """
    found, wrong, told = 0, set(), [(name, topics, gap) for name, topics in domains(half) for gap in topics]
    for name, topics, gap in told:
        made, of, cases, lacking = planted(name, topics, gap)
        named = topics_of(find_coverage(made, lacking), of)
        others = topics_of(find_coverage(made, cases), of) | named - {gap}
        wrong |= {(name, gap, topic) for topic in others}
        found += gap in named
    return len(told), found, wrong


def topics_of(report, of):
    """The topics of kinds that are named as gaps, by their exemplars."""
    return {of[int(one.trace[1:])] for kind in report.gaps for one in kind.exemplars}


def _message(topic, topics, liked, rng):
    """(what is written, the lines that it says)."""
    if topic is None:
        return " ".join("".join(rng.choices("abdegiklmnoprstuv", k=rng.randint(3, 9))) for _ in range(5)), []
    parts = [_line(topic, topics, liked, rng)]
    if rng.random() < TWO_LINES:
        parts.append(_line(topic, topics, liked, rng))
    elif rng.random() < TWO_WISHES:
        parts.append(_line(rng.choice(list(topics)), topics, liked, rng))
    words = ", ".join(text for text, _ in parts).split()
    kept = [_slipped(word, rng) for word in words if rng.random() >= DROPPED] or words
    return f"{rng.choice(_BEFORE)}{' '.join(kept)}{rng.choice(_AFTER)}", [line for _, line in parts]


def _line(topic, topics, liked, rng):
    line = rng.choices(topics[topic], liked[topic])[0]
    return worded(line, rng), line


def _slipped(word, rng):
    """Two neighbouring letters swapped, now and then."""
    if len(word) < 4 or rng.random() >= SLIP:
        return word
    at = rng.randrange(1, len(word) - 2)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
