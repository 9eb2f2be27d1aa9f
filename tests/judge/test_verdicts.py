"""Where a quote stands in its passage."""

from hypothesis import given
from hypothesis import strategies as st

from traceeval.judge._verdicts import Quote, _normal, find
from traceeval.model import Claim, Passage

TEXTS = st.text(alphabet=st.sampled_from("aZ ’“–\t\n\u00a0\u2003İΣςß.1"), max_size=40)


def slowly(text):
    """The definition, a character at a time."""
    kept, places = [], []
    for at, char in enumerate(text.strip()):
        at += len(text) - len(text.lstrip())
        if char.isspace():
            if kept[-1] != " ":
                kept.append(" ")
                places.append(at)
            continue
        for low in {"’": "'", "“": '"', "–": "-", "ς": "σ"}.get(char, char).lower():
            kept.append(low)
            places.append(at)
    return "".join(kept), places


@given(TEXTS)
def test_every_character_of_the_plain_text_knows_where_it_stood(text):
    plain, places = _normal(text)
    assert (plain, list(places)) == slowly(text)


def test_a_quote_is_found_through_other_spacing_quotes_and_case():
    passage = Passage(id="p", text="İn all:  the “Refund”\n takes 14 days.")
    claim = Claim(id="c1", text="The refund takes 14 days.", span=(0, 25))
    edge = find(Quote(passage="p", text='the "refund" takes 14 DAYS'), claim, [passage], "supports")
    assert edge.quote == "the “Refund”\n takes 14 days"
    assert passage.text[slice(*edge.span)] == edge.quote
