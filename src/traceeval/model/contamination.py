"""Whether a labelled set can be trusted, as ``traceeval contamination --json`` prints it."""

from __future__ import annotations

from typing import Final, Literal

from traceeval.model._value import Value

CONTAMINATION: Final = "traceeval.contamination/1"


class Telling(Value, frozen=True):
    """A string by which alone ``label`` is told with this balanced accuracy; in how many rows with and without it it stands."""

    string: str
    label: str
    balanced_accuracy: float
    with_label: int
    without: int


class Copied(Value, frozen=True):
    """A row whose text stands in a corpus or in outputs: the share of its runs of 13 words, and one of them."""

    row: str
    share: float
    words: str


class Twins(Value, frozen=True):
    """Two rows of different splits: of one family (``alike`` None), or nearly the same text."""

    one: str
    other: str
    alike: float | None = None


class ContaminationReport(Value, frozen=True):
    """Every check with what it found; ``skipped``: checks that lacked their input, each with what it needs.

    ``told``: lists are cut at twenty, the counts beside them are whole.
    """

    schema_version: Literal["traceeval.contamination/1"]
    rows: int
    giveaways: tuple[Telling, ...] = ()
    copied: tuple[Copied, ...] = ()
    copied_rows: int = 0
    canaries: tuple[str, ...] = ()
    twins: tuple[Twins, ...] = ()
    twin_pairs: int = 0
    skipped: tuple[str, ...] = ()

    @property
    def clean(self) -> bool:
        """Whether no check found anything."""
        return not (self.giveaways or self.copied or self.canaries or self.twins)
