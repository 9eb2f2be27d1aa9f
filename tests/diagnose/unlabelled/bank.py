"""A bank's help pages."""

from tests.diagnose.unlabelled._case import Case, Desk

DESK = Desk(
    name="bank",
    style="system",
    documents={
        "card-lost": "If your card is gone, block it at once in the app or call 116. The replacement arrives within five working "
        "days. Payments made after blocking are not charged to you.",
        "limits": "The daily limit for withdrawals is 1,000 euros and for card payments 2,500. You can raise either to 10,000 "
        "for up to 48 hours.",
        "abroad": "Paying in a foreign currency costs 1.75 percent of the amount. Cash at machines outside the euro area costs "
        "5 euros each time. The premium account has neither fee.",
        "overdraft": "An arranged overdraft carries 9.9 percent interest a year, one that was not arranged 13.4. Interest is "
        "booked at the end of the quarter.",
        "savings": "The saver account pays 2.1 percent on balances up to 50,000 euros and 0.5 above. Money can be withdrawn at "
        "any time without notice.",
        "mortgage": "A fixed rate is offered for ten, fifteen or twenty years. Each year up to five percent of the loan may be "
        "paid back early without a penalty.",
        "joint": "A joint account is opened by both holders together, with their identity cards. Each of them may dispose of "
        "the whole balance alone.",
        "transfer": "Transfers ordered before four in the afternoon arrive on the next bank day. Instant transfers take ten "
        "seconds and are free.",
        "minor": "Accounts for children can be opened from the day of birth with the signature of both parents. A card is "
        "issued from the age of seven.",
        "complaint": "Complaints are answered within fifteen working days. Whoever is not content may turn to the arbitration "
        "board free of charge.",
    },
    cases=(
        Case(
            kind="miss",
            question="What interest do I get on my savings?",
            answer="You pay 9.9 percent interest a year.",
            pool="overdraft mortgage abroad limits joint",
            ranked="overdraft mortgage abroad",
            sent="overdraft mortgage abroad",
        ),
        Case(
            kind="ranked_out",
            question="How much of my home loan can I repay ahead of schedule?",
            answer="I can't find an answer to that in the help pages I was given.",
            pool="mortgage overdraft savings transfer limits",
            ranked="overdraft savings transfer limits mortgage",
            sent="overdraft savings transfer",
        ),
        Case(
            kind="truncated",
            question="At what age does a child get a bank card?",
            answer="Accounts for children can be opened from the day of birth.",
            pool="minor joint card-lost limits",
            ranked="minor joint card-lost",
            sent="minor joint",
            cut={"minor": 92},
        ),
        Case(
            kind="ignored",
            question="When does a transfer arrive that I order in the morning?",
            answer="Instant transfers take ten seconds and are free.",
            pool="transfer limits abroad card-lost",
            ranked="transfer limits abroad",
            sent="transfer limits abroad",
        ),
        Case(
            kind="clean",
            question="Can one of two joint holders withdraw everything?",
            answer="Yes, each holder of a joint account may dispose of the whole balance alone.",
            pool="joint limits savings minor",
            ranked="joint savings limits",
            sent="joint savings limits",
        ),
        Case(
            kind="clean",
            question="My card was stolen. What now?",
            answer="Block it at once in the app or by calling 116. A replacement arrives within five working days, and payments "
            "after blocking are not charged to you.",
            pool="card-lost limits minor complaint",
            ranked="card-lost limits complaint",
            sent="card-lost limits complaint",
        ),
    ),
)
