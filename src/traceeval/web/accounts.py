"""Signing in with a password. A name that does not exist costs and says the same as a wrong password."""

from __future__ import annotations

from functools import cached_property

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from traceeval.errors import NotFound, Refused
from traceeval.review import Store
from traceeval.review.people import Person, find_person, password_hash, set_password_hash
from traceeval.web import throttle

MIN_PASSWORD, MAX_PASSWORD = 12, 1000


class TooManyTries(Exception):
    """Somebody is guessing. ``after``: seconds until the next try."""

    def __init__(self, after: float) -> None:
        """Say how long to wait."""
        super().__init__(f"too many tries; try again in {after:.0f} s")
        self.after = after


class Accounts:
    """Passwords of a store, argon2id at the library's (RFC 9106) cost."""

    def __init__(self, store: Store) -> None:
        """Where they are kept."""
        self._store = store
        self._hasher = PasswordHasher()

    @cached_property
    def _nobody(self) -> str:
        """What an unknown name's password is compared with, so that it costs the same."""
        return self._hasher.hash("nobody has this password")

    def sign_in(self, handle: str, password: str, address: str) -> Person | None:
        """Who it is; None when name or password is wrong.

        Raises:
            TooManyTries: ten failures in the last minute, by this name or from this address.
        """
        names = (f"name:{handle.casefold()}", f"from:{address}")
        wait = throttle.wait_s(self._store, *names)
        if wait:
            raise TooManyTries(wait)
        stored = password_hash(self._store, handle)
        if not self._fits(stored or self._nobody, password[:MAX_PASSWORD]) or stored is None:
            return None
        throttle.forgive(self._store, *names)
        if self._hasher.check_needs_rehash(stored):
            set_password_hash(self._store, handle, self._hasher.hash(password))
        try:
            return find_person(self._store, handle=handle)
        except NotFound:
            return None

    def _fits(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False

    def set_password(self, handle: str, password: str) -> None:
        """Keep a new password.

        Raises:
            Refused: it is too short or too long.
        """
        require_fit(password)
        set_password_hash(self._store, handle, self._hasher.hash(password))


def require_fit(password: str) -> None:
    """Length is what counts; nothing else is asked of a password.

    Raises:
        Refused: it is too short or too long.
    """
    if not MIN_PASSWORD <= len(password) <= MAX_PASSWORD:
        raise Refused(f"a password has at least {MIN_PASSWORD} characters, at most {MAX_PASSWORD}")
