"""Word lists of the embedded checker, English. Written by hand, mined from no data set; stems are taken at import.

Changing any of them makes a new checker version (faithfulness.md sections 2 and 5).
"""

from __future__ import annotations

from collections.abc import Collection

from traceeval.measures.tokens import stem

NEGATIONS = frozenset("no not never none nor neither without cannot".split())
NEGATIONS_WIDE = NEGATIONS | frozenset(
    "fail failed fails deny denied denies lack lacks lacked refuse refused unable absent".split()
)
HEDGES = frozenset(
    "may might could can should will would must shall likely unlikely reportedly allegedly usually possibly probably "
    "perhaps apparently generally typically often sometimes potentially expected supposedly normally".split()
)
QUANTIFIERS = frozenset(
    "all every each any some most many few none only both half several majority always never at least most up to more "
    "less than about approximately around nearly almost over under".split()
) - frozenset("at to than".split())
SAME_QUANTITY = (
    frozenset({"few", "some", "several"}),
    frozenset({"all", "every", "each", "any"}),
    frozenset({"about", "approximately", "around", "nearly", "almost"}),
)
CONDITIONS = frozenset("if unless until except only provided subject".split())
CONDITION_PHRASES = ("only when", "only if", "subject to", "up to", "under review", "as long as", "with the exception")
ROUNDING = frozenset("about approximately around nearly almost roughly circa some over under".split())
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ),
        1,
    )
    for name in names.split()
}
WEEKDAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday".split())
NUMBER_WORDS = {
    **{
        word: float(n)
        for n, word in enumerate(
            "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
            "seventeen eighteen nineteen twenty".split()
        )
    },
    "thirty": 30.0,
    "forty": 40.0,
    "fifty": 50.0,
    "sixty": 60.0,
    "seventy": 70.0,
    "eighty": 80.0,
    "ninety": 90.0,
    "hundred": 100.0,
    "dozen": 12.0,
    "first": 1.0,
    "second": 2.0,
    "third": 3.0,
    "fourth": 4.0,
    "fifth": 5.0,
    "sixth": 6.0,
    "seventh": 7.0,
    "eighth": 8.0,
    "ninth": 9.0,
    "tenth": 10.0,
    "once": 1.0,
    "twice": 2.0,
}
SCALES = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "k": 1e3, "m": 1e6, "bn": 1e9}
UNITS = {
    word: words.split()[0]
    for words in (
        "percent % per-cent pct",
        "mg milligram milligrams",
        "g gram grams",
        "kg kilogram kilograms kilo kilos",
        "tonne tonnes ton tons",
        "lb lbs pound pounds",
        "oz ounce ounces",
        "mm millimetre millimetres millimeter millimeters",
        "cm centimetre centimetres centimeter centimeters",
        "m metre metres meter meters",
        "km kilometre kilometres kilometer kilometers",
        "inch inches",
        "foot feet ft",
        "yard yards",
        "mile miles",
        "ml millilitre millilitres milliliter milliliters",
        "l litre litres liter liters",
        "gallon gallons",
        "acre acres",
        "hectare hectares ha",
        "second seconds sec secs",
        "minute minutes min mins",
        "hour hours hr hrs",
        "day days",
        "week weeks",
        "month months",
        "year years",
        "decade decades",
        "dollar dollars $ usd",
        "cent cents",
        "euro euros € eur",
        "pence penny",
        "yen ¥ jpy",
        "watt watts w",
        "kilowatt kilowatts kw",
        "megawatt megawatts mw",
        "volt volts",
        "celsius",
        "fahrenheit",
        "mph",
        "kph kmh",
        "point points",
        "byte bytes",
        "kb kilobyte kilobytes",
        "mb megabyte megabytes",
        "gb gigabyte gigabytes",
    )
    for word in words.split()
}
TOTAL_WORDS = frozenset("total altogether combined sum remaining left difference together overall".split())
_ANTONYMS = """
increase decrease|increase reduce|raise lower|raise reduce|rise fall|grow shrink|gain lose|win lose|win defeat
accept reject|accept refuse|approve reject|approve deny|approve decline|allow forbid|allow prohibit|allow block
permit forbid|permit prohibit|grant deny|grant refuse|admit deny|confirm deny|support oppose|agree disagree
include exclude|add remove|open close|open shut|start stop|start end|begin end|begin finish|enable disable
activate deactivate|active inactive|valid invalid|legal illegal|safe unsafe|safe dangerous|able unable
possible impossible|likely unlikely|high low|higher lower|highest lowest|large small|larger smaller|big small
long short|longer shorter|early late|earlier later|before after|first last|old new|young old|fast slow|faster slower
hot cold|warm cool|strong weak|hard soft|heavy light|rich poor|cheap expensive|full empty|public private
positive negative|male female|north south|east west|left right|up down|above below|over under|inside outside
internal external|import export|buy sell|lend borrow|credit debit|profit loss|success failure|succeed fail|pass fail
present absent|alive dead|live die|birth death|love hate|friend enemy|war peace|guilty innocent|true false|correct wrong
correct incorrect|right wrong|better worse|best worst|improve worsen|maximum minimum|majority minority|increase decline
voluntary mandatory|optional mandatory|optional required|free paid|refundable nonrefundable|temporary permanent
domestic international|online offline|with without|more less|many few|always never|all none|arrive depart|arrival departure
attack defend|build destroy|create destroy|hire fire|push pull|send receive|give take|remember forget|find lose
covered excluded|eligible ineligible|complete incomplete|secure insecure|visible hidden|encourage discourage
strengthen weaken|expand contract|expand reduce|extend shorten|accelerate slow|appear disappear|ascend descend
benign malignant|acute chronic|prevent cause|relieve worsen|tighten loosen|ban allow|block unblock|lock unlock
rose fell|risen fallen|bought sold|won lost|gave took|given taken|began ended|grew shrank|grown shrunk|sent received
"""
ANTONYMS: frozenset[tuple[str, str]] = frozenset(
    pair
    for entry in _ANTONYMS.replace("\n", "|").split("|")
    if len(words := entry.split()) == 2
    for pair in ((stem(words[0]), stem(words[1])), (stem(words[1]), stem(words[0])))
)


def negates(tokens: Collection[str], *, wide: bool = False) -> bool:
    """Whether any of these lower-cased tokens negates."""
    return not (NEGATIONS_WIDE if wide else NEGATIONS).isdisjoint(tokens) or "n't " in f"{' '.join(tokens)} "


def is_negation(token: str, *, wide: bool = False) -> bool:
    """Whether a lower-cased token negates; contractions in n't do."""
    return token in (NEGATIONS_WIDE if wide else NEGATIONS) or token.endswith("n't")
