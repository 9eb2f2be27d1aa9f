"""Short ways to write a Sign."""

from __future__ import annotations

from traceeval.model import Component, Evidence, Sign

PROMPT = "the prompt was not recorded whole"
POOL = "what was retrieved was not recorded"
TEXTS = "the texts of the retrieved documents were not recorded whole"


def speaks(signal: str, component: Component, strength: float, text: str, *evidence: Evidence) -> Sign:
    """What the signal saw, as strong as that is."""
    return Sign(
        signal=signal, component=component, state="speaks", strength=min(strength, 1.0), text=text, evidence=evidence
    )


def silent(signal: str, component: Component) -> Sign:
    """It looked, and saw nothing."""
    return Sign(signal=signal, component=component, state="silent", strength=0.0)


def unknown(signal: str, component: Component, missing: str) -> Sign:
    """It could not look."""
    return Sign(signal=signal, component=component, state="unknown", missing=missing)


def named(words: tuple[str, ...], most: int = 4) -> str:
    """A few words in quotes; what is no word of the question goes without."""
    return ", ".join(word if " " in word else f"'{word}'" for word in words[:most])


def part(share: float) -> str:
    """``63 %`` of the question."""
    return f"{share:.0%}".replace("%", " %") + " of the question"
