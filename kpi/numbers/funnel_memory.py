"""Entries of a funnel in memory: who came in when, what they did after it, and their contacts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from kpi.numbers.coded import Places
from kpi.numbers.marks import distinct
from kpi.periods import Period
from kpi.query.funnel import FunnelQuestion, contacts_of, entries
from kpi.results.keys import NEVER, microseconds

if TYPE_CHECKING:
    from kpi.store import Store

_PLACES = np.int64(1 << 32)
#: Of so many periods it is remembered what was done in them: this one and the one before.
_ASKED = 2
#: The latest are looked for in the last so many first.
_LATEST = 1_000


@dataclass(frozen=True)
class Contacts:
    """Contacts by whose they are and when; `key` ascends.

    Attributes:
        times: every moment at which there was one, ascending, in microseconds.
        key: of each contact the number of its owner and the place of its moment in `times`.
    """

    times: NDArray[np.int64]
    key: NDArray[np.int64]

    def before(self, owner: Places, moments: NDArray[np.int64], side: Any = "left") -> Places:
        """How many contacts there are of earlier owners, and of these before (or at) a moment."""
        place = np.searchsorted(self.times, moments, side)
        return np.searchsorted(self.key, owner * _PLACES + place)

    def around(
        self, owner: Places, steps: Sequence[NDArray[np.int64]], window_seconds: float
    ) -> tuple[Places, ...]:
        """`before` each step, and at the end of the window; all in order of step."""
        window = np.int64(round(window_seconds * 1e6))
        end = self.before(owner, steps[0] + window, "right")
        return (*(np.minimum(self.before(owner, each), end) for each in steps), end)


@dataclass(frozen=True)
class Entries:
    """Entries in the order of their moment; the arrays are of one length.

    Attributes:
        previous: the place of the same entity's entry before this one; -1 where there is none.
        owner: whose contacts count, as a number; -1 where nobody knows.
        steps: when each step was taken, in microseconds; `NEVER` where it was not.
        contacts, around: where its contacts are, as `Contacts.around` has it.
        window_seconds: how long after entry a step counts.
        asked: what was asked last, as `passed` has it: a page asks a period by week and month as well.
        several: places of the entries of entities that are not always of the same owner; and the
            number of the entity of each.
    """

    previous: NDArray[np.int32]
    owner: NDArray[np.int32]
    steps: tuple[NDArray[np.int64], ...]
    contacts: Contacts
    around: tuple[NDArray[np.int32], ...]
    window_seconds: float
    several: tuple[Places, Places]
    asked: dict[tuple[int, int], list[Places]] = field(default_factory=dict)

    def between(self, period: Period, zone: str) -> tuple[int, int]:
        """The first entry of a period, and the first after it."""
        ends = (number_of(period.starts_at(zone)), number_of(period.ends_at(zone)))
        low, high = np.searchsorted(self.steps[0], ends)
        return int(low), int(high)

    def first(self, low: int, high: int) -> Places:
        """Of those from `low` to before `high`: each entity's first."""
        return low + np.flatnonzero(self.previous[low:high] < low)

    def passed(self, low: int, high: int) -> list[Places]:
        """Per step the entries that led to it, of each entity its first from `low` to before `high`."""
        found = self.asked.get((low, high))
        if found is None:
            found = self.reached(self.first(low, high))
            if len(self.asked) >= _ASKED:
                self.asked.clear()
            self.asked[low, high] = found
        return found

    def latest(
        self, low: int, begin: int, end: int, place: int, *, lost: bool, most: int
    ) -> Places:
        """The last `most` from `begin` to before `end` that took the step at `place`, in order.

        Of each entity its first from `low`, as in `passed`; with `lost` only those that did not take
        the next step: none of the last one. Looked for from the end, for a long period holds millions.
        """
        if lost and place + 1 >= len(self.steps):
            return np.zeros(0, dtype=np.int64)
        found: list[Places] = []
        missing, size = most, max(8 * most, _LATEST)
        while missing > 0 and end > begin:
            start = max(begin, end - size)
            part = start + np.flatnonzero(self.previous[start:end] < low)
            for times in self.steps[1 : place + 1]:
                part = part[times[part] != NEVER]
            if lost:
                part = part[self.steps[place + 1][part] == NEVER]
            found.append(part[-missing:])
            missing -= len(found[-1])
            end, size = start, 4 * size
        return np.concatenate(found[::-1]) if found else np.zeros(0, dtype=np.int64)

    def gaps(self, passed: Sequence[Places], place: int) -> NDArray[np.int64]:
        """Of each that took the step at `place` the microseconds since the one before."""
        taken = passed[place]
        return self.steps[place][taken] - self.steps[place - 1][taken]

    def reached(self, first: Places) -> list[Places]:
        """Per step those of `first` that took it, and all before it."""
        found = [first]
        for times in self.steps[1:]:
            found.append(found[-1][times[found[-1]] != NEVER])
        return found

    def owners(self, low: int, high: int) -> NDArray[np.int32]:
        """Whose contacts count, of each from `low` to before `high`, if it is its entity's first.

        Who it is may be known of a later entry in the period only.
        """
        places, entity = self.several
        begin, end = np.searchsorted(places, (low, high))
        if begin == end:
            return self.owner[low:high]
        own, inside = self.owner[low:high].copy(), places[begin:end]
        _names, number = np.unique(entity[begin:end], return_inverse=True)
        known = self.owner[inside]
        nobody = np.iinfo(np.int32).max
        least = np.full(int(number.max()) + 1, nobody, dtype=np.int32)
        np.minimum.at(least, number, np.where(known < 0, nobody, known))
        own[inside - low] = np.where(least == nobody, -1, least)[number]
        return own


def read(store: Store, question: FunnelQuestion) -> Entries:
    """Every entry of a funnel that the store has."""
    # Imported here: nothing else of a page needs pandas.
    import pandas as pd

    found, contacts = store.columns(entries(question)), store.columns(contacts_of(question))
    own = found["entity" if question.entity == "case" else "customer"]
    # In order, so that of several customers of one entity the same is chosen as elsewhere.
    owners, _names = pd.factorize(np.concatenate([own, contacts["owner"]]), sort=True)
    entity, _names = pd.factorize(found["entity"])
    order = np.argsort(microseconds(found["t0"]), kind="stable")
    entity = entity[order]
    began = microseconds(contacts["started_at"])
    times = distinct(began)
    key = owners[len(own) :] * _PLACES + np.searchsorted(times, began)
    contacts_known = Contacts(times, np.sort(key))
    owner = owners[: len(own)][order].astype(np.int64)
    steps = tuple(microseconds(found[f"t{place}"])[order] for place in range(len(question.steps)))
    around = contacts_known.around(owner, steps, question.window_seconds)
    return Entries(
        _previous(entity),
        owner.astype(np.int32),
        steps,
        contacts_known,
        # Half of the memory, and there are never so many contacts.
        tuple(each.astype(np.int32) for each in around),
        question.window_seconds,
        _several(entity, owner),
    )


def _previous(entity: Places) -> NDArray[np.int32]:
    """Of each place that of the same entity before it; -1 where there is none."""
    order = np.argsort(entity, kind="stable")
    again = np.flatnonzero(entity[order[1:]] == entity[order[:-1]])
    found = np.full(len(entity), -1, dtype=np.int32)
    found[order[again + 1]] = order[again]
    return found


def _several(entity: Places, owner: Places) -> tuple[Places, Places]:
    """The places of entities that are not always of the same owner, and which entity each is of."""
    of = np.full(int(entity.max(initial=-1)) + 1, NEVER)
    of[entity] = owner
    differs = np.zeros(len(of), dtype=bool)
    differs[entity[owner != of[entity]]] = True
    places = np.flatnonzero(differs[entity])
    return places, entity[places]


def number_of(moment: Any) -> np.int64:
    """A moment in microseconds since 1970."""
    return np.datetime64(moment, "us").astype(np.int64)
