"""The help centre of a hosting company. Written after the rules were frozen."""

from tests.diagnose.unlabelled._case import Case, Desk

DESK = Desk(
    name="hosting",
    style="system",
    documents={
        "backup": "Snapshots of every server are taken at three in the morning and kept for seven days. Restoring one overwrites the "
        "whole disk. Longer retention is part of the Pro plan.",
        "dns": "Changes of DNS records are visible within five minutes on our side; resolvers elsewhere may need up to a day. The "
        "shortest TTL is 60 seconds.",
        "ssl": "Certificates are issued for free and renewed thirty days before they expire. Wildcard certificates need DNS validation.",
        "mail": "A mailbox holds 10 GB. Outgoing mail is limited to 200 messages an hour to keep spam out. Attachments may be 25 MB.",
        "traffic": "Each plan includes 20 TB of traffic. Beyond that a terabyte costs 1.20 euros. Incoming traffic is never charged.",
        "php": "PHP 8.1 to 8.4 can be chosen per site. Version 8.1 is switched off on the last day of the year. The memory limit is "
        "512 MB.",
        "cancel": "Contracts run month by month. Cancel in the panel until the last day; the data is erased two weeks later.",
        "support": "Tickets are answered within four hours on working days. Pro customers reach the night shift by phone.",
    },
    cases=(
        Case(
            kind="miss",
            question="How many e-mails can I send per hour?",
            answer="You can send 500 e-mails per hour.",
            pool="dns support traffic php",
            ranked="support dns traffic",
            sent="support dns traffic",
        ),
        Case(
            kind="ranked_out",
            question="How long are snapshots kept?",
            answer="There is no information about snapshots in the passages.",
            pool="ssl backup cancel traffic dns",
            ranked="ssl cancel traffic",
            sent="ssl cancel traffic",
        ),
        Case(
            kind="truncated",
            question="What is the price of one more terabyte?",
            answer="Each plan includes 20 TB of traffic.",
            pool="traffic mail backup support",
            ranked="traffic mail backup",
            sent="mail backup",
        ),
        Case(
            kind="ignored",
            question="When will PHP 8.1 be switched off?",
            answer="I cannot find this in the documents.",
            pool="php ssl cancel dns",
            ranked="php ssl cancel",
            sent="php ssl cancel",
        ),
        Case(
            kind="clean",
            question="When is my data erased after I cancel?",
            answer="Two weeks after the contract ends.",
            pool="cancel backup mail support",
            ranked="cancel backup support mail",
            sent="cancel support mail",
        ),
        Case(
            kind="clean",
            question="What is the largest attachment I can send?",
            answer="25 MB.",
            pool="mail traffic support php",
            ranked="mail traffic support",
            sent="mail traffic support",
            cut={"support": 40},
        ),
    ),
)
