"""Every exception traceeval raises on purpose.

::

    TraceevalError
    ├── InputError(ValueError)             a file or record cannot be read: where it is, and the way out
    │   ├── UnknownFormat                  no adapter recognised the bytes; lists what was tried and why each refused
    │   ├── InputTruncated                 the document ends in the middle
    │   └── LimitExceeded                  a size, ratio or depth limit that protects the reader
    ├── ConfigError(ValueError)            options, configuration or authored files that make no sense
    │   └── UnknownPlugin(LookupError)     no scorer, adapter, finding or rule of that name
    ├── MissingExtra(ImportError)          an optional package is needed; the message has the pip line
    ├── ProviderError(ConnectionError)     a model endpoint did not answer; says whether trying again may help
    ├── OutputExists(FileExistsError)      the output folder is not ours, or was not finished by us
    └── ReviewError(RuntimeError)          the queue refuses a step
        ├── NotFound(LookupError)          no such queue, item or slot
        ├── LeaseLost                      the fence or the holder changed: somebody else has the slot
        ├── Refused                        a guard of the state machine said no
        │   ├── Incomplete                 a verdict lacks something, or says what it cannot
        │   └── Withdrawn                  the item was taken out of review
        ├── RedactionFailed                a text could not be redacted: its item is blocked, not shown
        ├── KeyReused                      one idempotency key with two different bodies
        └── StoreFailed                    the database did not take it: disk full, read-only, lost, not ours

Messages say what, where, and what to do: ``traces/a.jsonl:12 span 9f: …; add it or …``.
"""

from __future__ import annotations


class TraceevalError(Exception):
    """Base of every exception raised on purpose."""


class InputError(TraceevalError, ValueError):
    """A file or record that cannot be read."""


class UnknownFormat(InputError):
    """No adapter recognised the bytes."""


class InputTruncated(InputError):
    """The document ends in the middle."""


class LimitExceeded(InputError):
    """A limit that protects the reader from hostile input."""


class ConfigError(TraceevalError, ValueError):
    """Options, configuration or authored files that make no sense."""


class UnknownPlugin(ConfigError, LookupError):
    """No plug-in of that name."""


class MissingExtra(TraceevalError, ImportError):
    """An optional package is needed."""


class ProviderError(TraceevalError, ConnectionError):
    """A model endpoint did not answer. ``after``: seconds it asked to wait before a retry.

    ``unreachable``: nobody listens there. ``own``: the fault of this request, not of the endpoint.
    """

    def __init__(
        self,
        message: str,
        *,
        retry: bool,
        after: float | None = None,
        unreachable: bool = False,
        own: bool = False,
    ) -> None:
        """Say what happened, and whether trying again may help."""
        super().__init__(message)
        self.retry = retry
        self.after = after
        self.unreachable = unreachable
        self.own = own


class OutputExists(TraceevalError, FileExistsError):
    """The output folder cannot be replaced safely."""


class ReviewError(TraceevalError, RuntimeError):
    """The queue refuses a step."""


class NotFound(ReviewError, LookupError):
    """No such queue, item or slot."""


class LeaseLost(ReviewError):
    """Somebody else has the slot, or the fence moved on."""


class Refused(ReviewError):
    """A guard of the state machine said no."""


class Incomplete(Refused):
    """A verdict lacks something or is wrong. ``field``: where, as forms call it, e.g. ``mark.safety``."""

    def __init__(self, message: str, *, field: str) -> None:
        """Say what; how to give it is said by whoever asked for the verdict."""
        super().__init__(message)
        self.field = field


class Withdrawn(Refused):
    """The item was taken out of review."""


class RedactionFailed(ReviewError):
    """A text could not be redacted; it must not be shown."""


class KeyReused(ReviewError):
    """One idempotency key was sent with two different bodies."""


class StoreFailed(ReviewError):
    """The database did not take it: nothing was stored, or the same idempotency key tells."""
