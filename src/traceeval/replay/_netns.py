"""What keeps a process from network and neighbours: namespaces of its own where the kernel grants them, a guard in Python.

The guard is no boundary: compiled code walks around it. It is there to say who tried, and to stop honest mistakes.
"""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import struct
import sys
import tempfile
from collections.abc import Callable, Collection
from ipaddress import ip_address
from pathlib import Path

_NEW_USER, _NEW_PID, _NEW_NET = 0x10000000, 0x20000000, 0x40000000
_DIE_WITH_PARENT, _SUBREAPER = 1, 36
_SIOCGIFFLAGS, _SIOCSIFFLAGS, _UP = 0x8913, 0x8914, 1
_MOST_LOST = 64
_UNIX = "unix:"
_ASKED = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo", "socket.gethostbyname"})


def enter_netns() -> str:
    """Move this process, which must have one thread, into a network of its own; why it could not, or nothing.

    Its children get numbers of their own too: ``become_first`` makes the first of them, whose end is the end of all.
    """
    if not sys.platform.startswith("linux"):
        return "network namespaces are Linux's"
    user, group = os.geteuid(), os.getegid()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_NEW_USER | _NEW_NET | _NEW_PID):
        return f"unshare: {os.strerror(ctypes.get_errno())}"
    for name, line in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
        try:
            with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
                file.write(line)
        except OSError as error:
            return f"/proc/self/{name}: {error.strerror}"
    return _loopback_up()


def _loopback_up() -> str:
    import fcntl

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        try:
            flags = struct.unpack("16sH", fcntl.ioctl(one, _SIOCGIFFLAGS, struct.pack("16sH", b"lo", 0))[:18])[1]
            fcntl.ioctl(one, _SIOCSIFFLAGS, struct.pack("16sH", b"lo", flags | _UP))
        except OSError as error:
            return f"loopback: {error.strerror}"
    return ""


def become_first(last: Callable[[], None]) -> None:
    """Go on as the first process of the new namespace: it inherits orphans, and nothing in there can signal it.

    The process that was waits for it, does what is to be done ``last``, and ends as it did.
    """
    pid = os.fork()
    if pid:
        _, status = os.waitpid(pid, 0)
        last()
        os._exit(os.waitstatus_to_exitcode(status) & 0xFF)
    ctypes.CDLL(None, use_errno=True).prctl(_DIE_WITH_PARENT, signal.SIGKILL, 0, 0, 0)


def end_all_others() -> None:
    """Kill and reap whatever else lives: in a namespace of one's own everything, else one's children and their orphans."""
    if os.getpid() == 1:
        _kill(-1)
        while _reap_any():
            continue
        return
    for _ in range(_MOST_LOST):
        left = children_of(os.getpid())
        for child in left:
            _kill(child)
            _reap_any()
        if not left:
            return


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def _reap_any() -> bool:
    """Wait for one child; False when there is none."""
    try:
        os.waitpid(-1, 0)
    except ChildProcessError:
        return False
    return True


def adopt_orphans() -> None:
    """Have grandchildren whose parent ended given to this process, so that it can end them."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None, use_errno=True).prctl(_SUBREAPER, 1, 0, 0, 0)


def children_of(pid: int) -> list[int]:
    """Children of a process; none where the system does not tell."""
    try:
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
            return [int(child) for child in file.read().split()]
    except OSError:
        return []


def guard(hosts: Collection[str], told: Callable[[str], None]) -> None:
    """Refuse Python's sockets every address but loopback and ``hosts``, for the rest of this process's life."""
    allowed = {host.lower() for host in hosts}

    def hook(event: str, args: tuple[object, ...]) -> None:
        if event in _ASKED and (host := _host(event, args)) is not None and not _near(host, allowed):
            told(host)
            raise PermissionError(f"the sandbox denies the network: {host}")

    sys.addaudithook(hook)


def _host(event: str, args: tuple[object, ...]) -> str | None:
    """What a socket is to reach: a host, or a Unix socket as ``unix:PATH``; None: whoever it is connected to."""
    target = args[0] if event in ("socket.getaddrinfo", "socket.gethostbyname") else args[-1]
    if event.startswith("socket.get"):
        return None if target is None else _text(target)
    if isinstance(target, str | bytes):
        return f"{_UNIX}{os.fsdecode(target)}"
    return _text(target[0]) if isinstance(target, tuple) and target else None


def _text(host: object) -> str:
    return host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)


def _near(host: str, allowed: set[str]) -> bool:
    if host.startswith(_UNIX):
        return _ours(host.removeprefix(_UNIX))
    if host.lower() in allowed or host.lower() in ("localhost", ""):
        return True
    try:
        return ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


def _ours(path: str) -> bool:
    """Whether a Unix socket lies in the folder of the trial."""
    return "\x00" not in path and Path(path).resolve().is_relative_to(Path(tempfile.gettempdir()).resolve())
