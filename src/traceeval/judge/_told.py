"""What an error of a stranger's checker says, fit to be written down: one line, and no secret in it."""

from __future__ import annotations

import os
import re

from traceeval.measures.safe_text import inline

HIDDEN = "[hidden]"
MOST = 200
_NAMED = re.compile(r"KEY|TOKEN|SECRET|PASSWORD|CREDENTIAL", re.IGNORECASE)
_SHORTEST = 6  # a shorter value would blot out ordinary words
_LOOKS = re.compile(
    r"(?i)\b(?:bearer|basic)\s+[\w.~+/=-]{6,}"
    r"|\b(?:sk|pk|rk|ghp|gho|xox[abp]|hf|AIza|AKIA)[-_]?[\w-]{8,}"
    r"|(?<=://)[^/\s@]+@"
    r"|(?<=key=)[^\s&'\"]+|(?<=token=)[^\s&'\"]+|(?<=secret=)[^\s&'\"]+|(?<=password=)[^\s&'\"]+"
)


def told(error: BaseException) -> str:
    """Kind and text of an error, one line of at most ``MOST`` characters.

    Hidden are the values of environment variables named like secrets, and what looks like one: a bearer token, a key
    with a known prefix, a password in an address.
    """
    text = str(error)
    held = (value for name, value in os.environ.items() if _NAMED.search(name) and len(value) >= _SHORTEST)
    for value in sorted(held, key=len, reverse=True):
        text = text.replace(value, HIDDEN)
    return inline(f"{type(error).__name__}: {_LOOKS.sub(HIDDEN, text)}".rstrip(": "), MOST)
