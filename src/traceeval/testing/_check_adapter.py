"""What every adapter promises, for ours and for those of plug-in authors."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence

import msgspec

from traceeval.adapters import ADAPTERS, Record, limited
from traceeval.errors import InputError
from traceeval.model import LossReport, Trace, trace_hash

_CUTS = 16


def check_adapter(name: str, data: bytes, *, least: int = 1) -> tuple[Record, ...]:
    """Read ``data`` with one adapter and check its promises; the records, for more checks.

    Promised: at least ``least`` records beside the account; the same records when read again; a LossReport at the end
    that accounts for every span and record; traces that can be written and read back; and of damaged bytes (cut at
    several places, every byte changed in turn at others) records or an ``InputError``, never another exception.

    Raises:
        AssertionError: a promise is broken.
    """
    records = tuple(_read(name, data))
    _expect(len(records) > least, f"{name}: {len(records)} records of whole data, expected more than {least}")
    _expect(records == tuple(_read(name, data)), f"{name}: reading twice gave different records")
    _check(name, records)
    for broken in _damaged(data):
        try:
            _check(name, tuple(_read(name, broken)))
        except InputError:
            continue
    return records


def _read(name: str, data: bytes) -> Iterator[Record]:
    yield from ADAPTERS.get(name).call(limited(io.BytesIO(data), "data"), "data")


def _check(name: str, records: Sequence[Record]) -> None:
    accounts = [record for record in records if isinstance(record, LossReport)]
    _expect(bool(accounts) and records[-1] is accounts[-1], f"{name}: the last record is no LossReport")
    for account in accounts:
        _expect(account.balanced, f"{name}: not everything is accounted for: {account}")
    for record in records:
        if isinstance(record, Trace):
            written = msgspec.json.decode(msgspec.json.encode(record), type=Trace)
            _expect(trace_hash(written) == trace_hash(record), f"{name}: {record.id} changes when it is written")
            msgspec.msgpack.encode(record)


def _damaged(data: bytes) -> Iterator[bytes]:
    step = max(len(data) // _CUTS, 1)
    for at in range(1, len(data), step):
        yield data[:at]
        yield data[:at] + bytes([data[at] ^ 0x15]) + data[at + 1 :]
        yield data[:at] + data[at + step :]


def _expect(held: bool, text: str) -> None:
    if not held:
        raise AssertionError(text)
