"""Every checker keeps the contract; and the contract catches those that do not."""

import msgspec
import pytest
from tests.judge._stub import Stub

from traceeval.judge import Cascade, Judges, JudgeSettings, deferred
from traceeval.judge._ask import Ask
from traceeval.judge.checkers.lexical import LexicalChecker, lexical
from traceeval.judge.checkers.openai import openai
from traceeval.model import Checked, Claim, ClaimVerdict, Edge, Passage
from traceeval.run._checkers import CHECKERS
from traceeval.testing import check_checker


def test_the_embedded_checker_keeps_the_contract():
    check_checker(lexical(Judges()))


def test_a_judge_behind_an_endpoint_keeps_the_contract():
    with Stub() as stub, Judges(JudgeSettings(backoff=0.001)) as judges:
        check_checker(openai(judges, model="m", base_url=stub.url))


def test_the_name_of_a_checker_is_its_path():
    assert CHECKERS.names() == ("lexical", "nli", "openai", "ragas")


class Scripted:
    """Says one outcome of every claim, changed as a test wants."""

    id, can = "scripted@1", frozenset()

    def __init__(self, outcome="supported", change=lambda verdicts: verdicts, **fields):
        self.outcome, self.change, self.fields = outcome, change, fields

    def check(self, claims, passages):
        return self.change(
            [
                ClaimVerdict(claim=claim, **{"outcome": self.outcome, "by": self.id, "codes": ("said",), **self.fields})
                for claim in claims
            ]
        )


class Fickle(Scripted):
    """Lets any third passage turn it round."""

    def check(self, claims, passages):
        self.outcome = "unsupported" if len(passages) > 2 else "supported"
        return super().check(claims, passages)


@pytest.mark.parametrize(
    ("checker", "said"),
    [
        (Scripted(change=lambda found: found[1:]), "one verdict per claim"),
        (Scripted(change=lambda found: found[::-1]), "one verdict per claim"),
        (Scripted("contradicted"), "not in can"),
        (Scripted(p=1.5), "no probability"),
        (Scripted(by=""), "who decided"),
        (Scripted("defer", codes=()), "says why"),
        (Scripted(edges=(Edge(passage="p1", span=(0, 3), quote="Ganges"),)), "does not stand"),
        (Fickle(), "unrelated passage"),
    ],
)
def test_the_contract_catches(checker, said):
    with pytest.raises(AssertionError, match=said):
        check_checker(checker)


PASSAGE = Passage(id="p", text="The Nile is 6650 km long.")
ASK = Ask.supports("The Nile is 6650 km long. The Amazon is the wettest river known.", [PASSAGE])


def cascade(*stages, decides=False):
    with Judges() as judges:
        return Cascade(LexicalChecker(), stages, judges, decides=decides).check(ASK)


class Raising:
    id, can = "raising@1", frozenset()

    def check(self, claims, passages):
        raise RuntimeError("out of memory")


@pytest.mark.parametrize(
    "stage",
    [Raising(), Scripted(change=lambda found: found[1:]), Scripted("contradicted")],
    ids=["raises", "short", "may not"],
)
def test_a_checker_that_breaks_the_contract_defers_its_claims(stage):
    checked = cascade(stage)
    assert [(one.outcome, one.codes[0]) for one in checked.verdicts] == [("defer", "checker_failed")] * 2


def test_what_a_checker_raised_is_kept_with_the_claim():
    assert {one.note for one in cascade(Raising()).verdicts} == {"raising@1: RuntimeError: out of memory"}


def test_no_secret_of_an_error_is_kept(monkeypatch):
    monkeypatch.setenv("MY_SERVICE_TOKEN", "quince-marmalade")

    class Telling(Raising):
        def check(self, claims, passages):
            raise ValueError(
                "GET https://bob:hunter2@host/v1?key=abc123xyz\nAuthorization: Bearer abc.def.ghi sk-proj-12345678 "
                "quince-marmalade\x1b[31m refused"
            )

    note = cascade(Telling()).verdicts[0].note
    assert note.startswith("raising@1: ValueError: GET https://")
    assert note.endswith("refused")
    assert not [one for one in ("hunter2", "abc123xyz", "abc.def", "12345678", "quince", "\x1b", "\n") if one in note]


def test_what_a_rule_deferred_is_asked_first_and_then_the_least_certain():
    class Keen(Scripted):
        id = "keen@1"

    asked = []
    said = [  # (text, outcome, p, codes), as a reader might
        ("Sure enough.", "defer", 0.62, ("uncertain",)),
        ("Wavering.", "defer", 0.51, ("uncertain", "absent_name")),
        ("Turned round.", "defer", 0.99, ("veto_negation",)),
        ("Settled.", "supported", 0.9, ()),
        ("Not said how sure.", "defer", None, ("uncertain",)),
    ]

    class Reader(LexicalChecker):
        def check(self, ask):
            verdicts = tuple(
                ClaimVerdict(claim=Claim(id=f"c{n}", text=text, span=(0, 1)), outcome=outcome, p=p, codes=codes, by="r")
                for n, (text, outcome, p, codes) in enumerate(said)
            )
            return Checked(verdicts=verdicts, passages=ask.passages, by="r")

    def note(found):
        asked.extend(verdict.claim.text for verdict in found)
        return found

    stage = Keen(change=note)
    stage.can = frozenset({"contradiction"})
    with Judges() as judges:
        checked = Cascade(Reader(), [stage], judges).check(ASK)
    assert asked == ["Turned round.", "Not said how sure.", "Wavering.", "Sure enough."]
    assert [one.claim.text for one in checked.verdicts] == [text for text, *_ in said]  # the answer's order is kept


def test_each_stage_sees_what_the_one_before_deferred_and_by_says_who_decided():
    class First(Scripted):
        id = "first@1"

        def check(self, claims, passages):
            found = super().check(claims, passages)
            return [found[0], *deferred(claims[1:], "unsure", self.id)]

    seen = []

    class Second(Scripted):
        id = "second@1"

        def check(self, claims, passages):
            seen.extend(claim.id for claim in claims)
            return super().check(claims, passages)

    checked = cascade(First(), Second("unsupported"))
    assert seen == ["c2"]
    assert [(one.by, one.outcome) for one in checked.verdicts] == [
        ("first@1", "supported"),
        ("second@1", "unsupported"),
    ]


def test_what_nobody_decides_stays_open_with_every_reason():
    checked = cascade(Scripted("defer", codes=("unsure",)), Scripted("defer", codes=("budget",)))
    assert [one.codes[:3] for one in checked.verdicts] == [("budget", "unsure", "not_asked")] * 2


def test_a_cascade_knows_contradictions_only_where_all_who_decided_do():
    class Knowing(Scripted):
        id, can = "knowing@1", frozenset({"contradiction"})

    assert "contradiction" in cascade(Knowing()).can
    assert "contradiction" not in cascade(Knowing(), decides=True).can


@pytest.mark.parametrize(("can", "decided"), [((), False), (("contradiction",), True)])
def test_a_veto_is_closed_only_by_a_checker_that_knows_contradictions(can, decided):
    class Stage(Scripted):
        pass

    Stage.can = frozenset(can)
    text = "Background checks found prior sanctions."
    ask = Ask.supports(text, [Passage(id="p", text="Background checks found no prior sanctions.")])
    with Judges() as judges:
        (verdict,) = Cascade(LexicalChecker(), [Stage("unsupported")], judges).check(ask).verdicts
    assert (verdict.outcome == "unsupported") is decided
    assert msgspec.structs.asdict(verdict)["diffs"][0].veto == "negation"


@pytest.mark.parametrize(("can", "decided"), [((), False), (("multilingual",), True)])
def test_another_language_goes_only_to_a_checker_that_reads_it(can, decided):
    class Stage(Scripted):
        pass

    Stage.can = frozenset(can)
    ask = Ask.supports("Нил имеет длину шесть тысяч километров и течёт на север.", [PASSAGE])
    with Judges() as judges:
        (verdict,) = Cascade(LexicalChecker(), [Stage("supported")], judges).check(ask).verdicts
    assert (verdict.outcome == "supported") is decided
