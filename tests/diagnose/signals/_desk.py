"""One small desk that every signal is tried on: six chunks, a question that one of them answers."""

from traceeval.diagnose._recorded import Recorded
from traceeval.testing import dossier_of, model, rerank, retrieval, trace

QUESTION = "How long does the harbour lamp burn?"
REFUSAL = "I could not find an answer to this in our documents."
LAMP = ("lamp", "The harbour lamp burns for 40 hours. Its keeper fills it on Mondays.")
TIDE = ("tide", "The tide tables are printed by the harbour office. They are sold at the kiosk.")
OTHERS = tuple(
    (name, f"The {name} of the old pier belong to the town. Nobody may move them.") for name in ("bells", "ropes")
)
POOL = (LAMP, TIDE, *OTHERS)


def record(*spans, question=QUESTION, answer=REFUSAL, sent=(), **fields):
    """A record of these spans and a model call whose prompt holds ``sent``; None: it was not recorded."""
    told = (
        []
        if sent is None
        else [("system", "\n---\n".join(text for _, text in sent) or "Be brief."), ("user", question)]
    )
    return Recorded(dossier_of(trace(*spans, model(answer, prompt=told), question=question, answer=answer, **fields)))


def found(*pool):
    return retrieval(*pool)


def ranked(pool, after):
    return retrieval(*pool), rerank(pool, after)
