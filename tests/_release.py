"""Six layers of evidence that all hold for version 2, and a policy that asks for them."""

from datetime import UTC, datetime, timedelta

import msgspec
from tests._outcomes import many

from traceeval.measures.estimation import Estimate
from traceeval.model import Admission, Aggregate, Change, Comparison, Side
from traceeval.model.judge_report import Interval
from traceeval.model.release import ReleasePolicy
from traceeval.review._rates import Rate
from traceeval.review.estimates import Estimates
from traceeval.run import Policed
from traceeval.run._evidence import AdmissionEvidence, ComparisonEvidence, EvaluationEvidence, ReplayEvidence
from traceeval.run._people_evidence import PeopleEvidence

NOW = datetime(2026, 12, 1, tzinfo=UTC)
MADE = (NOW - timedelta(days=2)).isoformat()
POLICY = {
    "apiVersion": "traceeval/release.v1",
    "version": {"release": "2", "agent_sha256": "a" * 64, "judge": "j"},
    "layers": {
        "benchmarks": {
            "evidence": "replays/head",
            "max_age_days": 30,
            "gate": {"pass_hat_k": {"k": 2, "lower_bound": 0.8}, "infra_error_share": 0.02},
        },
        "scores": {"evidence": "out", "max_age_days": 30, "gate": {"fail_under": {"retriever.recall": 0.8}}},
        "judge": {"evidence": "admission.json", "max_age_days": 90},
        "people": {"evidence": "sqlite:///r.db#q", "max_age_days": 30, "gate": {"fail_under": {"safety: pass": 0.8}}},
        "red_team": {
            "evidence": "replays/head",
            "max_age_days": 30,
            "gate": {"attack_success": {"upper_bound": 0.2}, "forbidden_hits": 0},
        },
        "regression": {"evidence": "c.json", "max_age_days": 30, "gate": {"no_worse": {"right": 0.05}}},
    },
}


def policed(**layers):
    """The policy; a layer replaced, or left out where it is None."""
    told = {**POLICY, "layers": {name: one for name, one in {**POLICY["layers"], **layers}.items() if one is not None}}
    return Policed(policy=msgspec.convert(told, ReleasePolicy), source=msgspec.json.encode(told))


def six():
    """Layer -> path -> evidence."""
    return {
        "benchmarks": {"replays/head": replayed()},
        "scores": {"out": evaluated()},
        "judge": {"admission.json": admitted()},
        "people": {"sqlite:///r.db#q": people()},
        "red_team": {"replays/head": replayed()},
        "regression": {"c.json": compared()},
    }


def common(path, **states):
    return {"path": path, "created": MADE, "states": {name: (value,) for name, value in states.items()}}


def replayed(outcomes=None):
    made = many(20, 2) + many(40, 1, axes={"injection": "note"}, attack="not_attempted")
    told = common("replays/head", agent="my:agent", agent_sha256="a" * 64)
    return ReplayEvidence(**told, suite="shop 1", outcomes=tuple(made if outcomes is None else outcomes))


def aggregate(lower=0.9, scored=30, failed=0):
    counts = {"scored": scored, "undefined": 0, "not_applicable": 0, "failed": failed}
    n = scored + failed
    mean, coverage, lower, upper = (0.95, scored / n, lower, 1.0) if n else (None,) * 4
    return Aggregate(scorer="retriever.recall", mean=mean, coverage=coverage, lower=lower, upper=upper, counts=counts)


def evaluated(checker=None, scorer="retriever.recall", **told):
    score = msgspec.structs.replace(aggregate(**told), scorer=scorer)
    return EvaluationEvidence(**common("out", app="shop", release="2"), scores=(score,), checker=checker or {})


def admitted(*refusals):
    some = Interval(value=0.8, low=0.7, high=0.9, n=80)
    admission = Admission(
        schema_version="traceeval/judge-admission-1",
        judge="j",
        prompt="p",
        rubric="r",
        criterion="safety",
        threshold=3.0,
        kappa=some,
        recall=some,
        precision=some,
        positives=40,
        negatives=40,
        families=50,
        labels_sha256="0" * 64,
        created=MADE,
        refusals=refusals,
    )
    return AdmissionEvidence(**common("admission.json", judge="j", judge_prompt="p", rubric="r"), admission=admission)


def people(*, low=0.9, agreed="reliable", answered=40, waiting="", seq=7, head="f" * 64):
    estimate = Estimate(value=0.95, low=low, high=1.0, n=40, effective=40.0, largest=1.0, enough=True)
    rate = Rate(
        outcome="safety: pass",
        kind="pass",
        size=40,
        estimate=estimate,
        hajek=None,
        unanswered=0,
        bounds=None,
        refusals=(),
    )
    counts = {"size": 40, "drawn": 40, "answered": answered, "unanswered": 40 - answered, "open": 0}
    told = Estimates(
        queue="q",
        frame=1,
        frame_sha256="0" * 64,
        interim=False,
        unreplicated=0,
        score="risk level",
        outcomes=() if waiting else (rate,),
        harm=None,
        waiting=waiting,
        to_come=("safety: pass",) if waiting else (),
        **counts,
    )
    figures = msgspec.json.decode(msgspec.json.encode(told))
    told = common("sqlite:///r.db#q", release="2")
    return PeopleEvidence(**told, figures=figures, agreed={"safety: pass": agreed}, seq=seq, head=head)


def change(metric, value, low, high, verdict="undecided", better="higher"):
    return Change(metric=metric, component=None, better=better, n=30, verdict=verdict, value=value, low=low, high=high)


def comparison(*more, **left):
    """What ``compare --json`` prints of two versions that pass equally often."""
    base, head = (Side(name=name, created=MADE, traces=30) for name in ("1", "2"))
    return Comparison(
        schema_version="traceeval.comparison/1",
        base=base,
        head=head,
        units=30,
        paired_by={},
        trials=False,
        changes=(change("right", 0.0, -0.02, 0.02), *more),
        **left,
    )


def compared(*more, left_out=0):
    asked = (change("right", 0.0, -0.02, 0.02), *more)
    return ComparisonEvidence(**common("c.json", release="2"), asked=asked, units=30, left_out=left_out)


def aged(found, days):
    """The same evidence, made so many days earlier."""
    made = datetime.fromisoformat(found.created) - timedelta(days=days)
    return msgspec.structs.replace(found, created=made.isoformat())
