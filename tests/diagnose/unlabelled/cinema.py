"""A cinema's frequent questions. Written after the rules were frozen."""

from tests.diagnose.unlabelled._case import Case, Desk

DESK = Desk(
    name="cinema",
    style="system",
    documents={
        "prices": "Tickets are 11 euros, on Tuesdays 7. Films over 150 minutes cost a surcharge of 1.50 euros, and so does 3D.",
        "age": "Children under six see films without an age limit only. From twelve on, films rated 16 are allowed when a parent comes "
        "along.",
        "refund": "Tickets bought online can be returned until two hours before the show. At the box office they are exchanged "
        "for a voucher.",
        "food": "Food from outside is not allowed. Water bottles are. The bar closes after the last show begins.",
        "hire": "Hall 3 can be hired from 20 people on. Two hours cost 290 euros, technicians included. Book four weeks ahead.",
        "access": "Halls 1 and 2 have four wheelchair places each and induction loops. Hall 3 is reached by stairs only.",
        "card": "The friends' card costs 30 euros a year and takes 2 euros off every ticket. It can be used by one person at a time.",
        "lost": "Things left behind are kept at the box office for four weeks, after that they go to the town's lost-property office.",
    },
    cases=(
        Case(
            kind="miss",
            question="Which halls have places for wheelchairs?",
            answer="I'm afraid I couldn't find an answer in the documents.",
            pool="hire prices food refund",
            sent="hire prices food",
        ),
        Case(
            kind="ranked_out",
            question="How many people does it take to hire a hall?",
            answer="It takes 50 people to hire a hall.",
            pool="hire access prices card age",
            ranked="access prices card",
            sent="access prices card",
        ),
        Case(
            kind="truncated",
            question="What is the surcharge for a very long film?",
            answer="The documents don't mention a surcharge.",
            pool="prices card age refund",
            ranked="prices card age",
            sent="prices card",
            cut={"prices": 48},
        ),
        Case(
            kind="ignored",
            question="Until when can I return a ticket that I bought online?",
            answer="At the box office they are exchanged for a voucher.",
            pool="refund lost card prices",
            ranked="refund lost card",
            sent="refund lost card",
        ),
        Case(
            kind="clean",
            question="Can I bring my own snacks?",
            answer="No, food from outside is not allowed, only water bottles are.",
            pool="food hire refund age",
            ranked="food hire refund",
            sent="food hire refund",
        ),
        Case(
            kind="clean",
            question="How long do you keep lost things?",
            answer="For four weeks at the box office.",
            pool="lost refund card hire",
            ranked="lost refund hire",
            sent="lost refund hire",
        ),
    ),
)
