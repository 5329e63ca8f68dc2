"""Feeds in words: whether they are on time, how often they come, what is the matter."""

from __future__ import annotations

from kpi import formats
from kpi.bulletin.states import State
from kpi.i18n import _, ngettext
from kpi.results.feeds import Every, FeedState, Punctual, Rhythm
from kpi.schema.titles import TITLES

STATES: dict[Punctual, State] = {
    Punctual.FAILED: State.BAD,
    Punctual.LATE: State.ATTENTION,
    Punctual.ON_TIME: State.GOOD,
    Punctual.NO_RHYTHM: State.NO_TARGET,
}


def state_word(state: Punctual) -> str:
    """How a feed is doing, in a word or two."""
    return {
        Punctual.FAILED: _("not loaded"),
        Punctual.LATE: _("late"),
        Punctual.ON_TIME: _("on time"),
        Punctual.NO_RHYTHM: _("no rhythm known"),
    }[state]


def rhythm(of: Rhythm | None) -> str:
    """How often: "every working day by 08:00", or that nothing tells."""
    if of is None:
        return _("no rhythm known")
    count = int(of.every) if of.every == int(of.every) else of.every
    said = {
        Every.HOURS: ngettext("every hour", "every {n} hours", int(of.every)),
        Every.DAYS: ngettext("every day", "every {n} days", int(of.every)),
        Every.WORKING_DAYS: ngettext(
            "every working day", "every {n} working days", int(of.every)
        ),
    }[of.unit].format(n=count)  # fmt: skip
    if of.by and of.unit is not Every.HOURS:
        said = _("{often} by {clock}").format(often=said, clock=of.by)
    if of.read_off:
        said = _("{often}, read off {n} earlier deliveries").format(often=said, n=of.read_off)
    return said


def name(of: FeedState) -> str:
    """The feed as people call it: its profile, or what a file without one fills."""
    titled = TITLES.get(of.feed)
    return _(titled) if titled and not of.saved else of.feed


def sentence(of: FeedState, zone: str) -> str:
    """What there is to say of a feed, in a sentence."""
    feed = name(of)
    loaded = formats.moment(of.last_loaded, zone)
    if of.state is Punctual.FAILED and of.failure is not None:
        if of.feed == of.failure.file:
            # A file that no profile is meant for goes by its own name.
            return _("Nothing of {file} was loaded on {moment}. {reason}").format(
                file=of.failure.file,
                moment=formats.moment(of.failure.at, zone),
                reason=of.failure.reason,
            )
        return _("{feed}: nothing of {file} was loaded on {moment}. {reason}").format(
            feed=feed,
            file=of.failure.file,
            moment=formats.moment(of.failure.at, zone),
            reason=of.failure.reason,
        )
    due = formats.moment(of.due, zone)
    often = rhythm(of.rhythm)
    if of.state is Punctual.LATE and of.last_loaded is None:
        return _("{feed} never came; it was expected by {due} ({often}).").format(
            feed=feed, due=due, often=often
        )
    if of.state is Punctual.LATE:
        return _("{feed} is late: expected by {due} ({often}), last loaded {loaded}.").format(
            feed=feed, due=due, often=often, loaded=loaded
        )
    if of.state is Punctual.ON_TIME:
        return _("{feed} is on time: the next is expected by {due} ({often}).").format(
            feed=feed, due=due, often=often
        )
    return _("{feed}: nothing tells how often it should come; last loaded {loaded}.").format(
        feed=feed, loaded=loaded
    )
