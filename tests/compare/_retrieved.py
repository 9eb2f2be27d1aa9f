"""What a retriever finds for the planted applications: mostly documents of the topic, some that come for anything.

Each topic has ten documents, each line is answered by three of them, of which six in ten are found; the other places are
filled with documents of the topic, with such as come for anything, and with any.
"""

import random
from collections import Counter
from dataclasses import replace

from tests.compare import _planted

from traceeval.compare import find_coverage

PLACES, EACH, ANSWERING, HIT, OF_THE_TOPIC, FOR_ANYTHING = 5, 10, 3, 0.6, 0.6, 0.3


class Corpus:
    """The documents of an application, and what is found among them."""

    def __init__(self, topics, rng, lacks=None):
        """``lacks``: the topic of which there is nothing in the index; anything is found for it."""
        self.of = {line: topic for topic, lines in topics.items() for line in lines if topic != lacks}
        self.topic = {topic: [f"{topic} {at}" for at in range(EACH)] for topic in topics}
        self.all = [one for documents in self.topic.values() for one in documents]
        self.hubs = rng.sample(self.all, max(2, len(self.all) // 15))
        self.answering = {line: rng.sample(self.topic[topic], ANSWERING) for line, topic in self.of.items()}

    def found(self, lines, rng):
        """For a message of these lines; for one of none anything is found."""
        lines = [line for line in lines if line in self.of]
        documents = [one for line in lines for one in self.answering[line] if rng.random() < HIT][:PLACES]
        return frozenset([*documents, *(self._other(lines, rng) for _ in range(PLACES - len(documents)))])

    def _other(self, lines, rng):
        if lines and rng.random() < OF_THE_TOPIC:
            return rng.choice(self.topic[self.of[rng.choice(lines)]])
        return rng.choice(self.hubs if rng.random() < FOR_ANYTHING else self.all)


def retrieved(name, topics, gap, cases_too=True, indexed=True):
    """(production with what was found, topic of each trace, a suite that has all topics, the same without one)."""
    rng = random.Random(f"{name} {gap} found")
    corpus, said = Corpus(topics, rng, None if indexed else gap), {}
    made, of = _planted.production(topics, rng, said=said)
    things = [
        replace(made.things[at], found=corpus.found(said[trace], rng))
        for trace, at in zip(made.traces, made.at, strict=True)
    ]
    folded = {thing: at for at, thing in enumerate(dict.fromkeys(things))}
    made = replace(made, things=list(folded), at=[folded[thing] for thing in things])
    said = {}
    cases = _planted.suite(topics, rng, said=said)
    if cases_too:
        cases = {
            case: [replace(way, found=corpus.found(said[case], rng)) for way in ways] for case, ways in cases.items()
        }
    return made, of, cases, {case: ways for case, ways in cases.items() if not case.startswith(f"{gap}-")}


def score(planted):
    """(planted, found, wrong), as ``_planted.score``; a kind is named by most of its exemplars, so one stray does no harm."""
    told = found = 0
    wrong = set()
    for one in planted:
        name, _, gap, *_ = one
        made, of, cases, lacking = retrieved(*one)
        named, twin = (topics_of(find_coverage(made, some), of) for some in (lacking, cases))
        wrong |= {(name, gap, topic) for topic in twin | named - {gap}}
        told, found = told + 1, found + (gap in named)
    return told, found, wrong


def topics_of(report, of):
    """What most exemplars of each gap are of."""
    return {Counter(of[int(one.trace[1:])] for one in kind.exemplars).most_common(1)[0][0] for kind in report.gaps}


def found_for_all(made, documents):
    """The same production, of a retriever that finds the same for everything."""
    return replace(made, things=[replace(thing, found=frozenset(documents)) for thing in made.things])
