"""Every checker keeps the contract; and the contract catches those that do not."""

import msgspec
import pytest
from tests.judge._stub import Stub

from traceeval.judge import Cascade, Judges, JudgeSettings, deferred
from traceeval.judge._ask import Ask
from traceeval.judge.checkers.lexical import LexicalChecker, lexical
from traceeval.judge.checkers.openai import openai
from traceeval.model import ClaimVerdict, Edge, Passage
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
