"""The whole invented organisation: from a plan to staged tables, in one call."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from kpi.demo import case_table, chain, conversation, customers, others, surveys, web
from kpi.demo import cases as case_part
from kpi.demo import contacts as contact_part
from kpi.demo.columns import Column, stage
from kpi.demo.plan import Plan
from kpi.demo.rhythm import LOOKAHEAD, Rhythm
from kpi.demo.stories import Stories, draw
from kpi.demo.zone import Zone
from kpi.staged import StagedFeed

#: Says which table is being made.
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Organisation:
    """A made demo: its plan, its planted stories, and its tables as columns."""

    plan: Plan
    stories: Stories
    tables: Mapping[str, Mapping[str, Column]]

    def zone(self) -> Zone:
        """The plan's zone over all times that occur in it."""
        return Zone(
            self.plan.zone,
            self.plan.since - timedelta(days=365),
            self.plan.until + timedelta(days=LOOKAHEAD + 30),
        )

    def stage(self, folder: Path) -> Iterator[StagedFeed]:
        """Write every table to `folder` as typed Parquet."""
        zone = self.zone()
        for table, columns in self.tables.items():
            yield stage(table, columns, zone, folder)


def make(plan: Plan) -> Organisation:
    """Everything that `plan` says, every fact table filled; equal plans give equal data."""
    rhythm = Rhythm(plan)
    stories = draw(plan)
    people = customers.make(plan, rhythm, stories.price_rise)
    files = case_part.make(plan, rhythm, stories, people)
    talks = contact_part.make(plan, rhythm, stories, people, files)
    went = conversation.hold(plan, rhythm, talks, files)
    attempts = conversation.given_up(plan, talks, went)
    tables: dict[str, Mapping[str, Column]] = {
        "customers": people.columns(plan),
        "identities": people.identities(plan),
        "holdings": customers.holdings(people, plan),
        "cases": case_table.columns(files, people, plan),
        "contacts": conversation.columns(plan, people, talks, went, attempts),
        "chain_events": chain.columns(plan, rhythm, people, files),
        "surveys": surveys.columns(plan, people, files, talks),
        "web_events": web.columns(plan, rhythm, stories, people, files),
        "staffing": others.staffing(plan, rhythm, talks),
        "totals": others.totals(plan, people),
        "posts": others.posts(plan, rhythm, stories),
        "quality_reviews": others.quality_reviews(plan, talks, went),
    }
    return Organisation(plan, stories, tables)
