"""``limits.md``: what this pack does not show, computed from what is in it (NIST AI RMF MEASURE 1.1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_ALWAYS = """\
# What was not measured

- The pack shows what the database held. Whether the chain is complete is proven only against checkpoints that were kept
  elsewhere: `verify.py --checkpoint FILE`. The checkpoints inside the pack prove nothing by themselves.
- Estimates speak about the frames named in `protocol.md`, not about the system at other times or for other users.
- Redaction finds what has a shape (addresses, numbers, keys); names of people in free text are found only by a plug-in.
- Licences of the traces are not recorded by their formats and stand in no column.
- Whether a model was trained on these traces is not known here; `contamination.json` speaks of the labels only.
- `nist.csv` says which file is evidence for which subcategory. It does not say that anything is complied with.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortfall:
    """What is missing or thin. ``absent``: file -> why it is not there; the rest are counts."""

    absent: Mapping[str, str]
    items: int
    reviewed: int
    unlabelled: int
    unreplicated: int
    checkpoints: int
    erased: int
    repeated: int


def limits(short: Shortfall) -> str:
    """The page."""
    return _ALWAYS + "\n## In this pack\n\n" + "".join(f"- {line}\n" for line in _lines(short))


def _lines(short: Shortfall) -> Iterator[str]:
    yield from (f"`{name}` is not here: {why}." for name, why in sorted(short.absent.items()))
    yield f"{short.items - short.reviewed} of {short.items} items have no final decision."
    if short.unlabelled:
        yield f"{short.unlabelled} items were closed without a label (indeterminate, withdrawn, blocked): non-response."
    if short.unreplicated:
        yield f"{short.unreplicated} decisions rest on one person's word (`unreplicated`): no gate may use them."
    if not short.checkpoints:
        yield "No checkpoint was ever let out of the database: nothing outside it can show a cut or rewritten record."
    if short.erased:
        yield f"{short.erased} texts were erased on record (`access.jsonl`); the chain holds their salted digests only."
    if short.repeated:
        yield f"{short.repeated} blocks of marks and rationale were given to several items (`contamination.json`)."
