"""Letting a screen in: it shows a code, a person types it on the page Information screens.

The screen keeps a secret in a cookie that no script can read; of it the store keeps a hash. The code
names the screen for ten minutes and no longer, is nobody's password, and stands in no address. Who
is let in sees walls: totals, never a person. Who is shut out sees nothing at its next look.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections import deque
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from kpi.i18n import _
from kpi.store import Store
from kpi.store.devices import devices, hashed, let_in, show_on, shut_out

COOKIE = "ketenzicht_screen"
#: Without what is read for another: 0 and O, 1, I and L.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 8
#: Seconds that a code counts, screens that may wait at once, and typed codes that may be wrong.
COUNTS, MOST, WRONG = 600, 50, 10
#: Seconds after which it is looked anew who is let in, whoever changed it.
LOOK_AGAIN = 30

clock = time.monotonic


class PairingProblem(Exception):
    """A code that lets nobody in; its text is a sentence for the user."""


@dataclass(frozen=True)
class _Waiting:
    digest: str
    code: str
    until: float


class Pairing:
    """Who waits and who is let in, of one store."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[str, _Waiting] = {}
        self._wrong: deque[float] = deque(maxlen=WRONG)
        self._known: dict[str, dict[str, Any]] = {}
        self._looked = -float(LOOK_AGAIN)
        self._seen: dict[int, float] = {}

    def device(self, store: Store, secret: str | None) -> dict[str, Any] | None:
        """The device that has this secret, if it is let in."""
        if not secret:
            return None
        if clock() - self._looked >= LOOK_AGAIN:
            self._look(store)
        found = self._known.get(hashed(secret))
        if found is not None:
            self._seen[found["device_id"]] = clock()
        return found

    def code(self, secret: str) -> str | None:
        """The code of a screen that is not let in; None when too many wait already."""
        digest, now = hashed(secret), clock()
        with self._lock:
            for old in [one.digest for one in self._waiting.values() if one.until <= now]:
                del self._waiting[old]
            found = self._waiting.get(digest)
            if found is None:
                if len(self._waiting) >= MOST:
                    return None
                code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
                found = self._waiting[digest] = _Waiting(digest, code, now + COUNTS)
        return f"{found.code[:4]}-{found.code[4:]}"

    def approve(self, store: Store, typed: str, screen: str, who: str) -> int:
        """Let the screen in that shows this code; gives the device's number.

        Raises:
            PairingProblem: nobody waits with this code, or too many wrong ones were typed.
        """
        wanted = "".join(one for one in typed.upper() if one in ALPHABET)
        now = clock()
        with self._lock:
            if len(self._wrong) == WRONG and now - self._wrong[0] < COUNTS:
                raise PairingProblem(
                    _("Too many codes were wrong. Try again in ten minutes.")
                )  # fmt: skip
            found = next(
                (
                    one
                    for one in self._waiting.values()
                    if one.until > now and secrets.compare_digest(one.code, wanted)
                ),
                None,
            )
            if found is None:
                self._wrong.append(now)
                raise PairingProblem(
                    _("No screen shows this code now. A code counts for ten minutes.")
                )
            del self._waiting[found.digest]
        number = let_in(store, found.digest, screen, who)
        self._look(store)
        return number

    def revoke(self, store: Store, number: int, who: str) -> None:
        """Shut a device out: at its next look it shows a code instead."""
        shut_out(store, number, who)
        self._look(store)

    def show(self, store: Store, number: int, screen: str) -> None:
        """Let a device show another screen."""
        show_on(store, number, screen)
        self._look(store)

    def listed(self, store: Store) -> list[dict[str, Any]]:
        """Every device that is let in, with `seen`: seconds since it looked, None when it did not."""
        now = clock()
        return [
            {**row, "seen": now - self._seen[row["device_id"]]
             if row["device_id"] in self._seen else None}
            for row in devices(store)
            if row["revoked_at"] is None
        ]  # fmt: skip

    def _look(self, store: Store) -> None:
        known = {row["hash"]: row for row in devices(store) if row["revoked_at"] is None}
        self._known, self._looked = known, clock()


_of: WeakKeyDictionary[Store, Pairing] = WeakKeyDictionary()
_making = threading.Lock()


def pairing(store: Store) -> Pairing:
    """The one of this store, in this process."""
    with _making:
        return _of.setdefault(store, Pairing())


def new_secret() -> str:
    """What a screen proves itself with."""
    return secrets.token_urlsafe(32)
