"""Leaflets of a clinic's pharmacy."""

from tests.diagnose.unlabelled._case import Case, Desk

DESK = Desk(
    name="clinic",
    style="system",
    documents={
        "dose-adults": "Adults take one Tolvera tablet of 40 mg in the morning, with or without food. The tablet is swallowed "
        "whole with a glass of water. The highest dose is 80 mg a day.",
        "dose-children": "Tolvera is not recommended for anybody under twelve. Between twelve and seventeen the dose is 20 mg "
        "once a day and is reviewed after four weeks.",
        "missed": "If a dose was forgotten, it is taken as soon as this is noticed, unless fewer than eight hours are left "
        "until the next one. Never take two tablets at once to make up for it.",
        "alcohol": "Alcohol makes the drowsiness that Tolvera can cause worse. Patients should not drink during the first two "
        "weeks of treatment and no more than one unit a day afterwards.",
        "driving": "Some people feel dizzy in the first days of treatment. Do not drive or use machines until you know how "
        "Tolvera affects you.",
        "pregnancy": "Women who are expecting or nursing must not use Tolvera. The medicine passes into breast milk. "
        "Contraception is needed until four weeks after the last tablet.",
        "storage": "Keep the blister in its carton below 25 degrees, away from sunlight. Once the bottle of drops has been "
        "opened it is good for ninety days.",
        "kidney": "In patients with impaired renal function the starting dose is halved. Below a clearance of 15 ml a minute "
        "the drug is contraindicated.",
        "side-effects": "Common side effects are headache, dry mouth and drowsiness. Rarely the skin turns yellow; then the "
        "treatment is stopped and a doctor seen the same day.",
        "refill": "Repeat prescriptions are ready two working days after they were ordered. They can be ordered by phone until "
        "noon or through the patient portal at any time.",
    },
    cases=(
        Case(
            kind="miss",
            question="Can I take Tolvera while breastfeeding?",
            answer="The documents I was given do not say whether it is safe while breastfeeding.",
            pool="dose-adults missed alcohol driving dose-children",
            ranked="dose-adults alcohol driving",
            sent="dose-adults alcohol driving",
        ),
        Case(
            kind="ranked_out",
            question="How long can the drops be used after opening the bottle?",
            answer="I could not find this in the leaflet.",
            pool="storage missed refill dose-adults alcohol",
            ranked="missed refill dose-adults",
            sent="missed refill dose-adults",
        ),
        Case(
            kind="truncated",
            question="What is the maximum daily dose for an adult?",
            answer="The context does not contain the maximum daily dose.",
            pool="dose-adults dose-children kidney missed",
            ranked="dose-adults dose-children kidney",
            sent="dose-adults dose-children",
            cut={"dose-adults": 96},
        ),
        Case(
            kind="ignored",
            question="Is it all right to have a glass of wine when starting Tolvera?",
            answer="The tablet is swallowed whole with a glass of water.",
            pool="alcohol dose-adults driving side-effects",
            ranked="alcohol dose-adults driving",
            sent="alcohol dose-adults driving",
        ),
        Case(
            kind="clean",
            question="What should I do if I forgot a dose?",
            answer="Take it as soon as you notice, unless fewer than eight hours are left until the next dose. Never take two "
            "tablets at once.",
            pool="missed dose-adults dose-children refill",
            ranked="missed dose-adults dose-children",
            sent="missed dose-adults dose-children",
        ),
        Case(
            kind="clean",
            question="When will my repeat prescription be ready?",
            answer="Two working days after you ordered it.",
            pool="refill missed storage dose-adults",
            ranked="refill missed storage",
            sent="refill missed storage",
        ),
    ),
)
