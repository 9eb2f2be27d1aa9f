"""One trace in the terminal."""

import io

from rich.console import Console
from tests.diagnose.signals._desk import OTHERS, POOL, QUESTION, REFUSAL, TIDE

from traceeval.diagnose import suspect
from traceeval.report import as_tree
from traceeval.testing import dossier_of, model, rerank, retrieval, trace


def shown(made, suspicion=None):
    out = io.StringIO()
    Console(file=out, width=300, color_system=None).print(as_tree(dossier_of(made).graph, (), suspicion))
    return out.getvalue()


def lost(**fields):
    prompt = [("system", "\n".join(text for _, text in (TIDE, *OTHERS))), ("user", QUESTION)]
    spans = retrieval(*POOL), rerank(POOL, (TIDE, *OTHERS)), model(REFUSAL, prompt=prompt)
    return trace(*spans, question=QUESTION, answer=REFUSAL, **fields)


def test_suspects_are_a_branch_of_their_own_with_their_reasons():
    told = shown(lost(), suspect(dossier_of(lost())))
    _, _, branch = told.partition("suspected (inferred without gold)")
    assert "reranker 0." in branch
    assert "ranked_out: lamp meets 100 % of the question and was ranked out" in branch


def test_nobody_suspected_is_no_branch():
    assert "suspected" not in shown(lost(), suspect(dossier_of(trace())))
    assert "suspected" not in shown(lost())


def test_what_a_trace_wrote_is_never_sent_raw():
    evil = ("evil\x1b[31m", "The harbour lamp burns for 40 hours.")
    made = trace(
        retrieval(evil, TIDE),
        rerank((evil, TIDE), (TIDE,)),
        model(REFUSAL, prompt=[("system", TIDE[1]), ("user", QUESTION)]),
        question=QUESTION,
        answer=REFUSAL,
    )
    told = shown(made, suspect(dossier_of(made)))
    assert "ranked_out" in told
    assert "\x1b" not in told
