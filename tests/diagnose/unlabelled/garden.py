"""Advice of an allotment society."""

from tests.diagnose.unlabelled._case import Case, Desk

DESK = Desk(
    name="garden",
    style="user",
    documents={
        "tomato": "Sow tomatoes indoors in March and plant them out after the last frost, about mid-May. Pinch out the side shoots "
        "every week. Blight spreads when the leaves stay wet, so water the soil only.",
        "potato": "Seed potatoes are chitted for four weeks and laid 30 centimetres apart. Earth them up twice. Early kinds are "
        "lifted after a hundred days.",
        "garlic": "Garlic cloves go into the ground in October, point upwards, five centimetres deep. Harvest when the lower "
        "third of the leaves has yellowed.",
        "compost": "A heap needs equal shares of green and brown material. Turn it after six weeks. Cooked food and meat draw "
        "rats and stay out.",
        "slugs": "Slugs hide under boards by day and can be gathered there. Beer traps attract more than they catch. Nematodes "
        "work for six weeks in soil warmer than five degrees.",
        "roses": "Prune roses when the forsythia blooms. Cut above an outward-facing bud. Feed them after the first flush and "
        "never later than July.",
        "apple": "Apple trees on the rootstock M9 bear after two years and stay below three metres. They need a stake for life. "
        "Thin the fruit in June.",
        "rules": "A third of each plot is used for fruit and vegetables. Huts may cover 24 square metres at most. Hedges are kept "
        "to 1.25 metres.",
        "water": "The standpipes are turned off from November to March. Hosepipes are allowed before ten in the morning and after "
        "six. Each plot pays for its own meter.",
        "bees": "Hives stand at least five metres from the path and face away from it. The society asks for a certificate of "
        "health every spring.",
    },
    cases=(
        Case(
            kind="miss",
            question="How tall may hedges grow on our plots?",
            answer="Apple trees stay below three metres.",
            pool="apple roses water bees tomato",
            sent="apple roses water",
        ),
        Case(
            kind="ranked_out",
            question="At which depth should I put garlic into the soil?",
            answer="The text does not mention the depth for garlic.",
            pool="garlic potato slugs tomato compost",
            ranked="potato slugs tomato",
            sent="potato slugs tomato",
        ),
        Case(
            kind="truncated",
            question="How do I keep blight off my tomatoes?",
            answer="Pinch out the side shoots every week.",
            pool="tomato potato roses slugs",
            ranked="tomato potato roses",
            sent="tomato potato",
            cut={"tomato": 110},
        ),
        Case(
            kind="ignored",
            question="During which hours may I water with a hose?",
            answer="Hosepipes are allowed between noon and three in the afternoon.",
            pool="water tomato rules bees",
            sent="water tomato rules",
        ),
        Case(
            kind="clean",
            question="What must not go onto the compost?",
            answer="Cooked food and meat, because they draw rats.",
            pool="compost rules slugs potato",
            ranked="compost rules slugs",
            sent="compost rules slugs",
        ),
        Case(
            kind="clean",
            question="When is garlic ready to harvest?",
            answer="When the lower third of its leaves has turned yellow.",
            pool="garlic potato tomato apple",
            sent="garlic potato tomato",
        ),
    ),
)
