"""What the people of a queue say of a version, as a release may rest on it: estimates, agreement, whose traces, which record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec

from traceeval.model import Json, Value

if TYPE_CHECKING:
    from traceeval.review import Store
    from traceeval.review._rates import Rate
    from traceeval.review.estimates import Estimates

_LABELS = ("exploratory", "tentative", "reliable")


class PeopleEvidence(Value, frozen=True, tag_field="kind", tag="people"):
    """A frame of a queue. ``created``: when it was drawn; ``agreed``: outcome -> how well people agree on it.

    ``figures``: its estimates, as ``traceeval review estimates --json`` prints them.

    ``seq``, ``head``: the end of the queue's record when this was read: a pack of another record cannot hold it.
    """

    path: str
    created: str
    states: Mapping[str, tuple[str, ...]]
    figures: Mapping[str, Json]
    agreed: Mapping[str, str | None]
    seq: int
    head: str
    files: Mapping[str, str] = {}

    @property
    def estimates(self) -> Estimates:
        """The estimates as a value."""
        from traceeval.review.estimates import Estimates

        return msgspec.convert(self.figures, Estimates)


def people_evidence(path: str, store: Store, queue: str, by: Iterable[str]) -> PeopleEvidence:
    """What people say of the latest frame of a queue. ``by``: slices that are asked about.

    Raises:
        NotFound: there is no such queue, or no frame in it.
        Refused: a queue that grades documents.
    """
    from traceeval.review import export
    from traceeval.review.estimates import estimates
    from traceeval.review.provenance import frame_told
    from traceeval.run._systems import stated

    found = estimates(store, queue, by=tuple(by))
    drawn, systems = frame_told(store, queue, found.frame)
    agreed = agreed_on(store, queue)
    with store.read() as connection:
        seq, head = export.head(connection)
    return PeopleEvidence(
        path=path,
        created=datetime.fromtimestamp(drawn, UTC).isoformat(timespec="seconds"),
        states=stated(systems),
        figures=msgspec.json.decode(msgspec.json.encode(found)),
        agreed={one.outcome: agreed(one) for one in found.outcomes},
        seq=seq,
        head=head,
    )


def agreed_on(store: Store, name: str) -> Callable[[Rate], str | None]:
    """How well people agree on what an outcome of a queue is about: ``waived`` where a lead stands in for it."""
    from traceeval.review.agreement import agreements
    from traceeval.review.waivers import waived

    known: dict[str, list[str]] = {}
    for one in agreements(store, name):
        known.setdefault(one.about, []).append(one.reviewed.label)
        if one.kind == "flag":
            known.setdefault("any flag", []).append(one.reviewed.label)
    stands = waived(store, name)

    def of(rate: Rate) -> str | None:
        kind, _, flag = rate.outcome.partition(": ")
        about = flag if kind == "flag" else kind
        if about in stands:
            return "waived"
        labels = known.get(about, [])
        told = [label for label in labels if label in _LABELS]
        return min(told, key=_LABELS.index) if len(told) == len(labels) and told else next(iter(labels), None)

    return of
