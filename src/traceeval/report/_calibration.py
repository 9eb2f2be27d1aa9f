"""What a report says of the calibration its claims were decided by."""

from __future__ import annotations

from typing import Any

from traceeval.report._numbers import number, percent, plural


def calibration_line(made: Any) -> str:
    """One sentence: on how many labels, of when and what, how good by leave-one-out, and where it does not hold."""
    if not isinstance(made, dict):
        return "Uncalibrated: `traceeval calibrate` fits it to about 40 labels of yours."
    of = ", ".join(str(name) for name in made["systems"] if name) or "a system that was not recorded"
    basis = f"{made['labels']} labels of {made['created'][:10]} for {of}"
    if made["state"] == "cannot_tell":
        told = f"Cannot tell: {basis} do not support deciding, so every such claim is deferred."
    else:
        told = (
            f"Calibrated on {basis}: accuracy {number(made['accuracy'])} outside the band of {percent(made['defer'])}, "
            f"Brier {number(made['brier'])}, skill {number(made['skill'])} (leave-one-out)."
        )
    if made["stale"]:
        told += f" Stale for {plural(made['stale'], 'claim')} of another system or language: treated as uncalibrated."
    return told
