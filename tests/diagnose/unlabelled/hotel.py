"""What a hotel tells its guests. Written after the rules were frozen."""

from tests.diagnose.unlabelled._case import Case, Desk

DESK = Desk(
    name="hotel",
    style="plain",
    documents={
        "arrival": "Rooms are ready from three in the afternoon. Guests who come after midnight get the door code by text message. "
        "A late check-out until two costs 25 euros.",
        "breakfast": "Breakfast is served from half past six to ten, at weekends until eleven. It costs 18 euros a person unless "
        "it is part of the rate. Packed breakfasts are prepared on request the evening before.",
        "sauna": "The sauna and the steam bath open at four and close at ten. Children under fourteen are admitted with an adult "
        "until six.",
        "garage": "The underground garage has 42 spaces and a height limit of 1.90 metres. A night costs 16 euros. Two charging "
        "points for electric cars stand next to the lift.",
        "cancel": "Flexible rates can be cancelled free of charge until six in the evening of the day before arrival. Saver rates are "
        "not refunded.",
        "wifi": "The network Guest is free for every device. Video calls need the fast network for 5 euros a day.",
        "luggage": "Suitcases can be left at the front desk before check-in and after check-out at no charge, for three days at most.",
        "shuttle": "The airport bus leaves every forty minutes from five in the morning to eleven at night. A seat costs 9 euros and is "
        "booked at the front desk.",
    },
    cases=(
        Case(
            kind="miss",
            question="Where can I charge my electric car?",
            answer="I could not find any charging points in the documents.",
            pool="shuttle wifi luggage arrival",
            ranked="shuttle wifi arrival",
            sent="shuttle wifi arrival",
        ),
        Case(
            kind="ranked_out",
            question="Until when is breakfast served on Sunday?",
            answer="I do not have enough information to answer this.",
            pool="breakfast sauna arrival shuttle cancel",
            ranked="sauna arrival shuttle",
            sent="sauna arrival shuttle",
        ),
        Case(
            kind="truncated",
            question="What does a seat on the airport bus cost?",
            answer="The documents do not mention a price.",
            pool="shuttle garage arrival wifi",
            ranked="shuttle garage wifi",
            sent="shuttle garage",
            cut={"shuttle": 60},
        ),
        Case(
            kind="ignored",
            question="How long can I leave my suitcase at the front desk after check-out?",
            answer="A late check-out until two costs 25 euros.",
            pool="luggage arrival shuttle cancel",
            ranked="luggage arrival shuttle",
            sent="luggage arrival shuttle",
        ),
        Case(
            kind="clean",
            question="Is the sauna open for children?",
            answer="Children under fourteen may use it with an adult until six.",
            pool="sauna breakfast arrival garage",
            ranked="sauna breakfast garage",
            sent="sauna breakfast garage",
            cut={"garage": 70},
        ),
        Case(
            kind="clean",
            question="Will my van of two metres fit into the garage?",
            answer="No, the garage has a height limit of 1.90 metres.",
            pool="garage shuttle luggage wifi",
            ranked="garage luggage shuttle",
            sent="garage luggage",
        ),
    ),
)
