"""Short ways to write a Sign."""

from __future__ import annotations

from traceeval.model import Component, Evidence, Sign


def speaks(signal: str, component: Component, strength: float, text: str, *evidence: Evidence) -> Sign:
    """What the signal saw; silent when there is nothing in it."""
    if strength <= 0:
        return silent(signal, component)
    return Sign(
        signal=signal, component=component, state="speaks", strength=min(strength, 1.0), text=text, evidence=evidence
    )


def silent(signal: str, component: Component) -> Sign:
    """It looked, and saw nothing."""
    return Sign(signal=signal, component=component, state="silent", strength=0.0)


def unknown(signal: str, component: Component, missing: str) -> Sign:
    """It could not look."""
    return Sign(signal=signal, component=component, state="unknown", missing=missing)


def named(words: tuple[str, ...]) -> str:
    """A few words as a list, in quotes."""
    return ", ".join(f"'{word}'" for word in words[:4])
