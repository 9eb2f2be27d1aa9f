"""The engine-room manual of a ferry."""

from tests.diagnose.unlabelled._case import Case, Desk

DESK = Desk(
    name="ship",
    style="system",
    documents={
        "oil": "Main engine lube oil is sampled every 500 running hours. Change it when the water content exceeds 0.3 percent. "
        "Sump capacity is 640 litres of SAE 40.",
        "filters": "Duplex fuel filters are switched over when the pressure drop reaches 0.8 bar. Clean the idle element in "
        "diesel, never with a wire brush.",
        "cooling": "Jacket water leaves the engine at 82 degrees. An alarm sounds at 90 and the engine slows down at 95. Dose the "
        "inhibitor weekly.",
        "start": "Starting air is kept at 30 bar. Below 18 bar the engine will not turn over. Drain the bottles once a watch.",
        "bilge": "Bilge water is pumped through the separator only, with less than 15 ppm of oil. Every discharge is entered in "
        "the oil record book and signed by the chief.",
        "fire": "CO2 is released to the engine room only after all hands have been counted and the vents are shut. The room stays "
        "closed for at least 24 hours.",
        "generator": "Two generators run in port, three when manoeuvring. Load is shared within five percent. A set that idles "
        "soots up, so give it 40 percent load for half an hour a day.",
        "propeller": "The controllable pitch is tested in both directions before leaving the berth. Its hydraulic oil is changed "
        "at each docking, every 30 months.",
        "steering": "Steering gear is tried from the bridge and from the aft station within twelve hours of sailing. Emergency "
        "steering drills are held every three months.",
        "boiler": "The auxiliary boiler is blown down daily. Feed water has a pH between 9.5 and 10.5. The safety valve lifts at 7 "
        "bar.",
    },
    cases=(
        Case(
            kind="miss",
            question="At what pressure does the relief valve of the boiler open?",
            answer="I cannot determine this from the manual sections available.",
            pool="start filters cooling oil propeller",
            ranked="start filters cooling",
            sent="start filters cooling",
        ),
        Case(
            kind="ranked_out",
            question="How often are emergency steering drills held?",
            answer="They are held every month.",
            pool="steering propeller fire generator start",
            ranked="propeller fire generator",
            sent="propeller fire generator",
        ),
        Case(
            kind="truncated",
            question="When must the lube oil of the main engine be replaced?",
            answer="The manual sections do not say when it is replaced; lube oil is sampled every 500 running hours.",
            pool="oil propeller bilge filters",
            ranked="oil propeller bilge",
            sent="oil propeller",
            cut={"oil": 58},
        ),
        Case(
            kind="ignored",
            question="At what temperature does the cooling water alarm sound?",
            answer="Jacket water leaves the engine at 82 degrees.",
            pool="cooling boiler start oil",
            ranked="cooling boiler start",
            sent="cooling boiler start",
        ),
        Case(
            kind="clean",
            question="How many generators are running while manoeuvring?",
            answer="Three.",
            pool="generator start propeller cooling",
            ranked="generator propeller start",
            sent="generator propeller start",
        ),
        Case(
            kind="clean",
            question="May bilge water be pumped straight overboard?",
            answer="No, it goes through the separator only, with less than 15 ppm of oil, and each discharge is entered in the oil "
            "record book.",
            pool="bilge oil filters boiler",
            ranked="bilge oil filters",
            sent="bilge oil filters",
        ),
    ),
)
