"""Suspects counted while traces stream by, and how far they agree with gold where there is some."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from traceeval.diagnose._masked_table import EXAMPLES, rate
from traceeval.graph import Dossier
from traceeval.model import Basis, Component, SuspectRow, Suspects, Suspicion

GOLD = "gold"  # the key of every finding that says by gold which component lost the answer
CHAIN = (Component.RETRIEVER, Component.RERANKER, Component.ASSEMBLER, Component.GENERATOR)


@dataclass(slots=True)
class SuspectTable:
    """Counts per component, symptom and abstention; mergeable, constant in size."""

    traces: int = 0
    suspected: int = 0
    places: Counter[tuple[Component, int]] = field(default_factory=Counter)
    signals: Counter[tuple[Component, str]] = field(default_factory=Counter)
    symptoms: Counter[str] = field(default_factory=Counter)
    abstained: Counter[str] = field(default_factory=Counter)
    checked: Counter[str] = field(default_factory=Counter)
    examples: dict[Component, list[str]] = field(default_factory=lambda: defaultdict(list))

    def add(self, dossier: Dossier) -> None:
        """Count one trace, after ``suspect`` and ``blame``."""
        suspicion = dossier.suspicion
        if suspicion is None:
            return
        self.traces += 1
        self.suspected += bool(suspicion.suspects)
        if suspicion.symptom is not None:
            self.symptoms[suspicion.symptom] += 1
        if suspicion.abstained:
            self.abstained[suspicion.abstained.partition(":")[0]] += 1
        for place, one in enumerate(suspicion.suspects):
            self.places[one.component, place] += 1
            self.signals.update((one.component, sign.signal) for sign in one.reasons)
            if place == 0 and len(self.examples[one.component]) < EXAMPLES:
                self.examples[one.component].append(suspicion.trace)
        self._compare(dossier, suspicion)

    def _compare(self, dossier: Dossier, suspicion: Suspicion) -> None:
        named = [one.component for one in suspicion.suspects]
        culprit = culprit_of(dossier)
        if culprit is not None:
            self.checked["known"] += 1
            self.checked["first"] += named[:1] == [culprit]
            self.checked["named"] += culprit in named
        elif is_well(dossier):
            self.checked["well"] += 1
            self.checked["alarmed"] += bool(named)

    def merge(self, other: SuspectTable) -> None:
        """Add what another worker counted."""
        self.traces += other.traces
        self.suspected += other.suspected
        self.places.update(other.places)
        self.signals.update(other.signals)
        self.symptoms.update(other.symptoms)
        self.abstained.update(other.abstained)
        self.checked.update(other.checked)
        for component, ids in other.examples.items():
            self.examples[component] = (self.examples[component] + ids)[:EXAMPLES]

    def total(self) -> Suspects:
        """Everything as the summary holds it."""
        rows = [self._row(component) for component in Component]
        return Suspects(
            basis=Basis.INFERRED,
            traces=self.traces,
            suspected=self.suspected,
            rows=tuple(sorted((r for r in rows if r.first or r.second), key=lambda r: (-r.first, -r.second))),
            symptoms=dict(sorted(self.symptoms.items())),
            abstained=dict(sorted(self.abstained.items())),
            agreed_first=rate(self.checked["first"], self.checked["known"]),
            agreed=rate(self.checked["named"], self.checked["known"]),
            alarms=rate(self.checked["alarmed"], self.checked["well"]),
        )

    def _row(self, component: Component) -> SuspectRow:
        return SuspectRow(
            component=component,
            first=self.places[component, 0],
            second=self.places[component, 1],
            signals={name: n for (one, name), n in sorted(self.signals.items()) if one is component},
            examples=tuple(self.examples.get(component, ())),
        )


def culprit_of(dossier: Dossier) -> Component | None:
    """The component with most blame of those that a finding by gold names; None when none does."""
    guilty = {f.component for f in dossier.findings if f.key == GOLD and f.state == "defect"}
    return next((share.component for share in dossier.blame if share.component in guilty), None)


def is_well(dossier: Dossier) -> bool:
    """Whether gold was there to find something wrong on the way to the answer, and nothing was."""
    reference = dossier.reference
    known = (reference.documents, reference.answer, reference.claims, reference.answerable) if reference else ()
    if all(one is None for one in known):
        return False
    return not any(share.component in CHAIN for share in dossier.blame)
