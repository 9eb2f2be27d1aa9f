"""The files of the machine as trials see them: to be read, not written; its Unix sockets covered, so that nobody answers.

A network namespace shuts neither off: a database at ``/run/postgresql`` is as live as one at an address.
Linux 5.12 and later; see mount_setattr(2), mount_namespaces(7).
"""

from __future__ import annotations

import ctypes
import errno
import os
import stat
import struct
from collections.abc import Collection, Iterator
from pathlib import Path

_NEW_MOUNTS = 0x00020000
_BIND, _RECURSIVE, _PRIVATE = 0x1000, 0x4000, 0x40000
_NOSUID, _NODEV = 0x2, 0x4
_SETATTR, _HERE, _ALL_BELOW, _READ_ONLY = 442, -100, 0x8000, 0x1
_ATTRIBUTES = struct.Struct("<4Q")  # set, clear, propagation, user namespace
_SHARED_MEMORY = "/dev/shm"
_SHARED_MB = 64


def keep_files(folder: Path, covered: Collection[str]) -> str:
    """Make everything but ``folder`` read-only for this process and its children; why it could not, or nothing.

    It must be in a user namespace of its own. ``covered``: sockets at which nobody is to answer. Shared memory is fresh.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    try:
        _done(libc.unshare(_NEW_MOUNTS), "unshare")
        _mount(libc, "none", "/", _RECURSIVE | _PRIVATE)
        _mount(libc, str(folder), str(folder), _BIND)
        for path in covered:
            _cover(libc, path)
        _set(libc, "/", _ALL_BELOW, _READ_ONLY, 0)
        _set(libc, str(folder), 0, 0, _READ_ONLY)
        if os.path.isdir(_SHARED_MEMORY):
            _mount(libc, "tmpfs", _SHARED_MEMORY, _NOSUID | _NODEV, f"size={_SHARED_MB}m,mode=1777", "tmpfs")
    except OSError as error:
        return f"{error.filename}: {error.strerror}"
    return ""


def sockets() -> set[str]:
    """Paths of Unix sockets that somebody may answer: those of this process's network, and what lies below ``/run``."""
    return {path for path in (*_listed(), *_lying("/run")) if _is_socket(path)}


def _listed() -> Iterator[str]:
    try:
        with open("/proc/net/unix", encoding="utf-8", errors="surrogateescape") as file:
            lines = file.read().splitlines()[1:]
    except OSError:
        return
    for line in lines:
        path = line.split(maxsplit=7)[7:]
        if path and path[0].startswith("/"):
            yield path[0]


def _lying(root: str) -> Iterator[str]:
    for folder, _, names in os.walk(root):
        yield from (os.path.join(folder, name) for name in names)


def _is_socket(path: str) -> bool:
    try:
        return stat.S_ISSOCK(os.lstat(path).st_mode)
    except OSError:
        return False


def _mount(libc: ctypes.CDLL, source: str, target: str, flags: int, options: str = "", kind: str = "none") -> None:
    words = [os.fsencode(word) for word in (source, target, kind, options)]
    _done(libc.mount(words[0], words[1], words[2], ctypes.c_ulong(flags), words[3]), target)


def _cover(libc: ctypes.CDLL, path: str) -> None:
    """Put what is no socket over a socket. One that is gone, or lies where this process may not look, answers nobody."""
    try:
        _mount(libc, os.devnull, path, _BIND)
    except OSError as error:
        if error.errno not in (errno.EACCES, errno.ENOENT):
            raise


def _set(libc: ctypes.CDLL, path: str, flags: int, added: int, cleared: int) -> None:
    wanted = _ATTRIBUTES.pack(added, cleared, 0, 0)
    _done(libc.syscall(_SETATTR, _HERE, os.fsencode(path), flags, wanted, len(wanted)), path)


def _done(result: int, what: str) -> None:
    if result:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), what)
