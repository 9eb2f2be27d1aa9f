"""The identity of a recording: two encodings of one run have one hash, whatever their order, times or origin.

Covered: trace id, question, answer and final state; each span's id, parent, kind, name, body and error. Not covered:
times, usage, attributes, metadata, tags, order, origin, diagnostics, and the reference, which is no part of what was
recorded.
"""

from __future__ import annotations

from hashlib import sha256
from operator import attrgetter

import msgspec

from traceeval.model.trace import Trace

_ENCODER = msgspec.json.Encoder(order="deterministic")
_BY_ID = attrgetter("id")


def canonical_bytes(trace: Trace) -> bytes:
    """What the hash is taken of: compact JSON, spans by id, objects with sorted keys."""
    spans = [
        (span.id, span.parent, span.kind, span.name, span.body, span.error) for span in sorted(trace.spans, key=_BY_ID)
    ]
    state = () if trace.state is None else (trace.state,)
    return _ENCODER.encode((trace.id, trace.question, trace.answer, spans, *state))


def trace_hash(trace: Trace) -> str:
    """The canonical hash (formats.md 5.2): 64 hexadecimal digits."""
    return sha256(canonical_bytes(trace)).hexdigest()
