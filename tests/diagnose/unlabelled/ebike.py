"""The manual of an electric bicycle. Written after the rules were frozen."""

from tests.diagnose.unlabelled._case import Case, Desk

DESK = Desk(
    name="ebike",
    style="user",
    documents={
        "battery": "A full charge takes five and a half hours with the standard charger. Do not charge below freezing point. Store "
        "the battery at sixty percent when the bike is not ridden in winter.",
        "range": "In Eco mode the bike goes up to 120 kilometres, in Turbo about 45. Cold weather shortens the range by a third.",
        "brakes": "New pads need thirty firm stops before they brake fully. Replace them when less than half a millimetre is left. "
        "Never get oil on the discs.",
        "tyres": "The tyres are inflated to between 2.5 and 3 bar. Lower pressure gives grip, higher pressure saves energy.",
        "display": "Hold the round button for two seconds to switch the display on. Error 503 means that the speed sensor has lost its "
        "magnet. Error 540 means that the motor is too hot.",
        "warranty": "The frame is guaranteed for ten years, motor and battery for two, or 500 full charges. Wear parts are excluded.",
        "load": "Rider, luggage and bike together may weigh 150 kilograms. The rear rack carries 25. Child seats are allowed, trailers up "
        "to 40 kilograms.",
        "service": "The first inspection is due after 300 kilometres, later ones every 2,000 or once a year. Chains last about 3,000.",
    },
    cases=(
        Case(
            kind="miss",
            question="What weight can the rear rack carry?",
            answer="New pads need thirty firm stops before they brake fully.",
            pool="brakes range tyres service",
            sent="brakes range tyres",
        ),
        Case(
            kind="ranked_out",
            question="What does error 503 on the display mean?",
            answer="It means that the battery is empty.",
            pool="display battery warranty service range",
            ranked="battery warranty service",
            sent="battery warranty service",
        ),
        Case(
            kind="truncated",
            question="How should I keep the battery over the winter?",
            answer="Do not charge it below freezing point.",
            pool="battery range warranty service",
            ranked="battery range warranty",
            sent="battery range",
            cut={"battery": 104},
        ),
        Case(
            kind="ignored",
            question="How far does the bike go in Turbo mode?",
            answer="It goes up to 120 kilometres.",
            pool="range battery load service",
            ranked="range battery load",
            sent="range battery load",
        ),
        Case(
            kind="clean",
            question="When is the first inspection due?",
            answer="After 300 kilometres.",
            pool="service warranty brakes range",
            sent="service warranty brakes",
        ),
        Case(
            kind="clean",
            question="How long is the motor under guarantee?",
            answer="Motor and battery are guaranteed for two years or 500 full charges.",
            pool="range warranty service battery",
            ranked="warranty battery service",
            sent="warranty battery service",
        ),
    ),
)
