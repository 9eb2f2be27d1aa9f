"""What keeps a process from the network: a namespace of its own where the kernel grants one, and a guard in Python.

The guard is no boundary: compiled code walks around it. It is there to say who tried, and to stop honest mistakes.
"""

from __future__ import annotations

import ctypes
import os
import socket
import struct
import sys
from collections.abc import Callable, Collection
from ipaddress import ip_address

_NEW_USER, _NEW_NET = 0x10000000, 0x40000000
_SUBREAPER = 36
_SIOCGIFFLAGS, _SIOCSIFFLAGS, _UP = 0x8913, 0x8914, 1
_ASKED = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo", "socket.gethostbyname"})


def enter_netns() -> str:
    """Move this process, which must have one thread, into a network of its own; why it could not, or nothing."""
    if not sys.platform.startswith("linux"):
        return "network namespaces are Linux's"
    user, group = os.geteuid(), os.getegid()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_NEW_USER | _NEW_NET):
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
    """The host a socket is to reach; None for sockets of the machine itself."""
    target = args[0] if event in ("socket.getaddrinfo", "socket.gethostbyname") else args[-1]
    if event.startswith("socket.get"):
        return None if target is None else _text(target)
    return _text(target[0]) if isinstance(target, tuple) and target else None


def _text(host: object) -> str:
    return host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)


def _near(host: str, allowed: set[str]) -> bool:
    if host.lower() in allowed or host.lower() in ("localhost", ""):
        return True
    try:
        return ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False
