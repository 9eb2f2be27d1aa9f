"""What people ask of a telephone company, by topic: its tools, what is said, and of what.

Written after the thresholds of ``measures.kinds`` were set on other words: those of a shop, a bank and a clinic.
"""

import random
from dataclasses import replace

from traceeval.compare import Production
from traceeval.measures.kinds import asked

TOPICS = {
    "roaming": (
        ("get_plan", "add_roaming"),
        ("switch on roaming in", "I am travelling to", "add a travel pass for", "will my phone work in"),
        ("Norway", "Canada", "Japan next week", "Turkey and Greece"),
    ),
    "sim": (
        ("find_customer", "send_sim"),
        ("send me a new SIM", "my SIM is damaged", "I need a smaller SIM card", "replace the SIM"),
        ("for the second phone", "to the office", "as an eSIM", "it fell into water"),
    ),
    "outage": (
        ("check_network",),
        ("no signal in", "the internet is down in", "is there an outage in", "calls drop all the time in"),
        ("Leeds", "our street", "the basement", "postcode {n}"),
    ),
    "coverage": (
        ("check_network",),
        ("when does 5G come to", "which speed can I expect from fibre in", "is fibre planned for", "map of 5G for"),
        ("the new estate", "our village", "Harbour Road", "the business park"),
    ),
    "bill": (
        ("find_customer", "read_bill"),
        ("why is the bill so high,", "explain the charge of {n}", "what is the extra fee on the bill", "the invoice looks wrong,"),
        ("this month", "since January", "for premium numbers", "with data overage"),
    ),
    "port": (
        ("find_customer", "port_number"),
        ("take my number with me", "port the old number", "keep my phone number when moving", "transfer the number"),
        ("from another provider", "to your network", "before the contract ends", "for my daughter"),
    ),
    "router": (
        ("run_diagnosis", "restart_router"),
        ("the router blinks red", "wifi is slow", "the modem reboots", "no connection over the cable"),
        ("in the evening", "on the upper floor", "after the update", "every hour"),
    ),
    "upgrade": (
        ("get_plan", "list_phones"),
        ("which handset can I get", "I want to upgrade to a newer phone", "show phones", "is the latest model available"),
        ("with more storage", "under {n} pounds", "on my tariff", "in blue"),
    ),
}  # fmt: skip
_BEFORE = ("", "", "hello, ", "hi there, ", "good evening, ", "quick question: ")
_AFTER = ("", "", " please", " thank you", " as soon as possible", ", can you do that")


def said(topic, rng):
    _, verbs, nouns = TOPICS[topic]
    words = f"{rng.choice(_BEFORE)}{rng.choice(verbs)} {rng.choice(nouns)}{rng.choice(_AFTER)}"
    return words.format(n=rng.randint(100, 99999))


def trace_of(topic, rng):
    """One in ten looks something up that its topic does not need."""
    tools = set(TOPICS[topic][0])
    if rng.random() < 0.1:
        tools.add(rng.choice(("find_customer", "get_plan", "check_network")))
    return asked(said(topic, rng), tools)


def cases_of(topics, rng, each=3):
    return {
        f"{topic}-{at}": [asked(said(topic, rng), TOPICS[topic][0])] for topic in topics for at in range(each)
    }  # fmt: skip


def production(seed, n=600, *, weights=None, hard=()):
    """(production, topic of each trace). Traces of ``hard`` topics are easy in a third, those of others in nine of ten."""
    rng = random.Random(seed)
    topics = rng.choices(list(TOPICS), weights or [20, 10, 8, 16, 8, 10, 14, 14], k=n)
    things = [trace_of(topic, rng) for topic in topics]
    folded = {thing: at for at, thing in enumerate(dict.fromkeys(things))}
    easy = [rng.random() < (0.33 if topic in hard else 0.9) for topic in topics]
    made = Production(
        things=list(folded),
        traces=[f"t{at}" for at in range(n)],
        at=[folded[thing] for thing in things],
        levels=[rng.random() for _ in range(n)],
        easy=easy,
    )
    return made, topics


def by_wording(rng, each=2):
    """Cases of an application that calls no tool: some of every wording, for words are all there is to go by."""
    return {
        f"{topic}-{verb}-{at}": [asked(f"{rng.choice(_BEFORE)}{verb} {rng.choice(nouns)}{rng.choice(_AFTER)}", ())]
        for topic, (_, verbs, nouns) in TOPICS.items()
        for verb in verbs
        for at in range(each)
    }


def without_tools(made):
    """The same production, answered without any tool."""
    return replace(made, things=[replace(thing, tools=frozenset()) for thing in made.things])


def but(cases, topic):
    """The cases of every other topic."""
    return {name: ways for name, ways in cases.items() if not name.startswith(f"{topic}-")}


NOUN_WORDS = ("amber", "basalt", "cobalt", "dolomite", "emerald", "flint", "garnet", "halite", "indigo", "jasper")
