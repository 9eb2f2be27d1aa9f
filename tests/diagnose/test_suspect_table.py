"""Suspects counted over traces, and gold asked how far they are right."""

from dataclasses import replace

from traceeval.diagnose import SuspectTable
from traceeval.model import Basis, Blame, Component, Finding, Reference, Sign, Subject, Suspect, Suspicion
from traceeval.testing import dossier_of, trace

R, K, G = Component.RETRIEVER, Component.RERANKER, Component.GENERATOR


def seen(*suspects, id="t", blamed=None, gold=True, reference=None, abstained=""):
    dossier = dossier_of(trace(id=id, reference=reference))
    told = tuple(
        Suspect(
            component=component,
            score=0.5,
            basis=Basis.INFERRED,
            reasons=(Sign(signal="unmet", component=component, state="speaks", strength=0.5),),
        )
        for component in suspects
    )
    finding = Finding(
        code=f"{blamed}.lost",
        component=blamed or R,
        subject=Subject(trace=id),
        severity=3,
        text="",
        key="gold" if gold else "",
    )
    return replace(
        dossier,
        findings=(finding,) if blamed else (),
        blame=(Blame(trace=id, component=blamed, share=1.0),) if blamed else (),
        suspicion=Suspicion(
            trace=id,
            suspects=told,
            symptom="refused" if told else None,
            abstained=abstained or ("" if told else "no_symptom: x"),
        ),
    )


def total(*dossiers):
    table = SuspectTable()
    for one in dossiers:
        table.add(one)
    return table.total()


def test_first_and_second_are_counted_with_their_signals():
    found = total(seen(R, G, id="a"), seen(G, R, id="b"), seen(G, id="c"), seen(id="d"))
    assert [(row.component, row.first, row.second) for row in found.rows] == [(G, 2, 1), (R, 1, 1)]
    assert found.rows[0].signals == {"unmet": 3}
    assert found.rows[0].examples == ("b", "c")
    assert (found.traces, found.suspected, found.abstained) == (4, 3, {"no_symptom": 1})
    assert found.symptoms == {"refused": 3}


def test_agreement_is_with_what_gold_says_and_an_abstention_does_not_agree():
    found = total(seen(R, G, blamed=R), seen(R, G, blamed=G), seen(G, blamed=R), seen(blamed=K))
    assert (found.agreed_first.value, found.agreed.value, found.agreed.n) == (0.25, 0.5, 4)


def test_blame_without_gold_proves_nothing():
    assert total(seen(G, blamed=G, gold=False)).agreed.n == 0


def test_a_suspect_where_gold_finds_nothing_is_an_alarm():
    known = {"documents": {"a": 1}}, {"answer": ("x",)}, {"claims": ("x",)}, {"answerable": False}
    found = total(seen(R, reference=Reference(**known[0])), *(seen(reference=Reference(**one)) for one in known[1:]))
    assert (found.alarms.value, found.alarms.n) == (0.25, 4)


def test_without_gold_nobody_says_how_far_it_is_right():
    found = total(seen(R), seen(R, reference=Reference(calls=())))
    assert (found.agreed.n, found.alarms.n, found.agreed.value) == (0, 0, None)


def test_workers_add_up():
    parts = [seen(R, G, id="a", blamed=R), seen(G, id="b", reference=Reference(answer=("x",))), seen(id="c")]
    left, right = SuspectTable(), SuspectTable()
    left.add(parts[0])
    for one in parts[1:]:
        right.add(one)
    left.merge(right)
    assert left.total() == total(*parts)
