"""Questions of blood donors. Written after the rules were frozen."""

from tests.diagnose.unlabelled._case import Case, Desk

DESK = Desk(
    name="donation",
    style="plain",
    documents={
        "who": "Healthy people between 18 and 72 who weigh at least 50 kilograms may give blood. A first donation is possible until the "
        "age of 64.",
        "often": "Women may donate four times in twelve months, men six times. At least 56 days have to pass between two donations.",
        "travel": "After a stay in a malaria area donors wait for six months. West Nile regions mean a pause of 28 days in summer.",
        "tattoo": "A new tattoo or piercing means four months without donating, because infections show late.",
        "before": "Eat something and drink a litre and a half on the day. Bring an identity card. Alcohol is off limits for twelve hours.",
        "after": "Stay for half an hour and have a snack. Do no sports that day. The body replaces the fluid within a day, the red cells "
        "need eight weeks.",
        "medicine": "Aspirin rules out giving platelets for five days but not whole blood. Insulin and blood thinners exclude a donor.",
        "pay": "Donors receive no money. Travel costs are refunded up to 10 euros, and employers need not give time off.",
    },
    cases=(
        Case(
            kind="miss",
            question="I got a tattoo last month. When may I donate again?",
            answer="After a stay in a malaria area donors wait for six months.",
            pool="travel often after before",
            ranked="travel often after",
            sent="travel often after",
        ),
        Case(
            kind="ranked_out",
            question="How many times a year can a man donate?",
            answer="That is not mentioned in the documents I have.",
            pool="often who travel pay medicine",
            ranked="who travel pay",
            sent="who travel pay",
        ),
        Case(
            kind="truncated",
            question="How long do the red cells need to recover?",
            answer="The body replaces the fluid within a day.",
            pool="after often medicine before",
            ranked="after often medicine",
            sent="after often",
            cut={"after": 118},
        ),
        Case(
            kind="ignored",
            question="Are donors paid for giving blood?",
            answer="Yes, donors receive 25 euros for each donation.",
            pool="pay who often medicine",
            ranked="pay who often",
            sent="pay who often",
        ),
        Case(
            kind="clean",
            question="Which minimum weight is required?",
            answer="Donors have to weigh at least 50 kilograms.",
            pool="who often before after",
            ranked="who before often",
            sent="who before often",
        ),
        Case(
            kind="clean",
            question="Can I give platelets after I took aspirin?",
            answer="Not for five days; giving whole blood is possible.",
            pool="medicine before tattoo after",
            ranked="medicine tattoo before",
            sent="medicine before",
        ),
    ),
)
