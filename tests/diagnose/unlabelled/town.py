"""What a town tells its citizens."""

from tests.diagnose.unlabelled._case import Case, Desk

DESK = Desk(
    name="town",
    style="system",
    documents={
        "parking": "Residents of zone B park with a permit that costs 120 euros a year. A household gets two permits at most. "
        "Visitors buy day tickets in the app.",
        "waste": "The grey bin is emptied every second Tuesday, the brown one each Friday. Bins stand at the kerb by six in "
        "the morning and are taken in again the same evening.",
        "bulky": "Old furniture and mattresses are collected twice a year free of charge. Book the pickup online three weeks "
        "before. Each further collection costs 35 euros.",
        "dogs": "Every dog over three months is registered at the town hall. The tax is 96 euros for the first animal and 180 "
        "for each further one. Guide dogs are exempt.",
        "noise": "Between ten at night and six in the morning nobody may be disturbed. Lawn mowers rest on Sundays and from one "
        "to three on weekdays.",
        "wedding": "Civil weddings take place Monday to Saturday in the old mill. The fee is 66 euros, on Saturdays 146. The "
        "hall seats forty guests.",
        "passport": "A new passport takes four weeks. With the express procedure it is there after three working days for an "
        "extra 32 euros. Bring a biometric photograph.",
        "pool": "The open-air pool is open from May to mid-September, eight to eight. A single ticket is 5 euros; children "
        "under six swim free.",
        "trees": "Trees with a trunk over 80 centimetres round are protected. Felling one needs a permit and a replacement has "
        "to be planted within a year. Fines reach 10,000 euros.",
        "bonfire": "Garden waste may not be burnt. Bonfires at Easter need a notice to the fire brigade ten days ahead.",
    },
    cases=(
        Case(
            kind="miss",
            question="Do I have to pay for a guide dog?",
            answer="Children under six swim free.",
            pool="pool parking wedding bulky noise",
            ranked="pool parking wedding",
            sent="pool parking wedding",
        ),
        Case(
            kind="ranked_out",
            question="What does the town charge for getting rid of an old sofa a third time in a year?",
            answer="I don't know, the documents mention no such charge.",
            pool="waste bulky dogs passport trees",
            ranked="waste dogs passport",
            sent="waste dogs passport",
        ),
        Case(
            kind="truncated",
            question="How quickly can I get a passport if it is urgent?",
            answer="A new passport takes four weeks.",
            pool="passport wedding parking dogs",
            ranked="passport wedding parking",
            sent="passport wedding",
            cut={"passport": 42},
        ),
        Case(
            kind="ignored",
            question="How many guests fit into the hall for a civil wedding?",
            answer="The hall seats 120 guests.",
            pool="wedding pool parking passport",
            ranked="wedding pool parking",
            sent="wedding pool parking",
        ),
        Case(
            kind="clean",
            question="When may I mow the lawn on a weekday?",
            answer="Lawn mowers rest from one to three on weekdays, and between ten at night and six in the morning nobody may be "
            "disturbed.",
            pool="noise waste trees bonfire",
            ranked="noise waste trees",
            sent="noise waste trees",
        ),
        Case(
            kind="clean",
            question="Does the town lend out cargo bikes?",
            answer="I could not find anything about cargo bikes.",
            pool="parking passport dogs pool",
            ranked="parking passport dogs",
            sent="parking passport dogs",
        ),
    ),
)
