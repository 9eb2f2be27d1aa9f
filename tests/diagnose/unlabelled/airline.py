"""Conditions of carriage, in short."""

from tests.diagnose.unlabelled._case import Case, Desk

DESK = Desk(
    name="airline",
    style="user",
    documents={
        "cabin": "In economy one piece of hand luggage up to 8 kg and 55 x 40 x 23 cm is included. Business passengers bring "
        "two. A handbag or laptop counts as an extra small item.",
        "hold": "The light fare has no checked baggage. The classic fare includes one suitcase of 23 kg. Excess weight costs 12 "
        "euros per kilogram at the airport.",
        "change": "Flights on the flex fare are rebooked without a fee until an hour before departure. On the classic fare a "
        "change costs 70 euros plus the difference in price. Light tickets cannot be changed.",
        "delay": "When a flight arrives more than three hours late, passengers receive between 250 and 600 euros, depending on "
        "the distance. Bad weather is excluded.",
        "pets": "Cats and small dogs up to 8 kg including the bag travel in the cabin for 60 euros. Larger animals go in the "
        "hold. Snub-nosed breeds are not accepted.",
        "minors": "Children between five and eleven who fly alone are looked after by our staff for 90 euros each way. Under "
        "five nobody flies without an adult.",
        "checkin": "Online check-in opens 30 hours before departure. At the airport the desks close 45 minutes before domestic "
        "and 60 minutes before international flights.",
        "wheelchair": "Passengers who need a wheelchair tell us 48 hours ahead. Help from the kerb to the seat is free. Wheelchairs "
        "with wet batteries need a certificate.",
        "miles": "A mile expires 36 months after it was earned unless the member holds silver status. Upgrades to business cost "
        "from 15,000 miles.",
        "meals": "On flights over two hours a snack is served. Special meals such as vegan or kosher are ordered 24 hours in "
        "advance at no charge.",
    },
    cases=(
        Case(
            kind="miss",
            question="Until when can I order a vegan meal?",
            answer="I'm sorry, there is no information on vegan meals in the context.",
            pool="change checkin cabin miles pets",
            ranked="change checkin cabin",
            sent="change checkin cabin",
        ),
        Case(
            kind="ranked_out",
            question="What compensation do I get if my plane lands four hours late?",
            answer="On the classic fare a change costs 70 euros plus the difference in price.",
            pool="change delay checkin hold miles",
            ranked="change checkin hold",
            sent="change checkin hold",
        ),
        Case(
            kind="truncated",
            question="Can I take a pug on board?",
            answer="Yes, small dogs up to 8 kg including the bag travel in the cabin for 60 euros.",
            pool="pets cabin hold minors",
            ranked="pets cabin hold",
            sent="pets cabin",
            cut={"pets": 108},
        ),
        Case(
            kind="ignored",
            question="How long before an international flight does the check-in desk close?",
            answer="I do not know when the desk closes.",
            pool="checkin change wheelchair meals",
            ranked="checkin change meals",
            sent="checkin change meals",
        ),
        Case(
            kind="clean",
            question="May a nine-year-old travel without parents?",
            answer="Yes. Children between five and eleven can fly alone and are looked after by staff for 90 euros each way.",
            pool="minors pets cabin meals",
            ranked="minors cabin pets",
            sent="minors cabin pets",
        ),
        Case(
            kind="clean",
            question="What does it cost to change a light ticket?",
            answer="Light tickets cannot be changed.",
            pool="change hold miles delay",
            ranked="change hold miles",
            sent="change hold miles",
        ),
    ),
)
