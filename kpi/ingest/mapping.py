"""Which column of a file fills which column of a table, why, and what should be confirmed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from kpi.ingest.match import HASHABLE, Candidate
from kpi.ingest.problems import Said
from kpi.ingest.profiles import DurationUnit, Feed, Rule
from kpi.ingest.shaping import question_of
from kpi.ingest.split import time_beside
from kpi.ingest.table import RawTable
from kpi.schema import Type
from kpi.text import N_


def feed_of(
    candidate: Candidate, raw: RawTable, samples: Mapping[str, Sequence[str]]
) -> tuple[Feed, list[Said], dict[str, list[Said]]]:
    """The feed that fills a table from a file.

    Args:
        candidate: the table, with the headers that match its columns.
        raw: the file.
        samples: some different values of every column.

    Returns:
        The feed; what must be confirmed; and per column of ours, why it is filled so.
    """
    said: list[Said] = []
    why: dict[str, list[Said]] = {}
    rules: dict[str, Rule] = {}
    matched = {match.header for match in candidate.matches.values()}
    for name, match in candidate.matches.items():
        sources: tuple[str, ...] = (match.header,)
        reasons: list[Said] = [(_why(match.score), {"header": match.header})]
        if match.alike:
            said.append((ALIKE_DOUBT, {"header": match.header, "column": name}))
        rivals = candidate.rivals.get(name, [])
        if match.column.type is Type.TIMESTAMP:
            free = [header for header in raw.names if header not in matched]
            beside = time_beside(match.header, raw.names, free, samples)
            if beside:
                sources = (match.header, beside)
                matched.add(beside)
                reasons.append((BESIDE, {"header": beside}))
                # It is read already, as the time of day: nothing is left to choose.
                rivals = [header for header in rivals if header != beside]
        if rivals:
            said.append(
                (RIVALS, {"column": name, "header": match.header, "rivals": ", ".join(rivals)})
            )
        rule = Rule(sources=sources)
        if name.endswith("_s") and match.column.type is Type.NUMBER:
            rule, by_name, doubts = _unit(rule, match.header, samples[match.header])
            reasons += by_name
            said += doubts
        rules[name] = rule
        why[name] = reasons
    for column in candidate.made_up:
        rule_or_doubt = _made_up(candidate, column.name, raw)
        if isinstance(rule_or_doubt, Rule):
            rules[column.name] = rule_or_doubt
            why[column.name] = [(MADE_OF_ALL, {})]
            said.append((HASHED, {"column": column.name, "table": candidate.table.name}))
        else:
            said.append(rule_or_doubt)
            value = _guess_constant(candidate, column.name)
            rules[column.name] = Rule(value=value)
            why[column.name] = [(SAY_IT, {})]
    order = {name: place for place, name in enumerate(candidate.table.column_names)}
    rules = dict(sorted(rules.items(), key=lambda item: order[item[0]]))
    return Feed(candidate.table.name, rules), said, why


def _why(score: float) -> str:
    return OUR_NAME if score == 100 else KNOWN_NAME if score > 50 else ALIKE_NAME


OUR_NAME = N_("the header is our own name")
KNOWN_NAME = N_("{header} is a known name for it")
ALIKE_NAME = N_("{header} resembles a known name for it")
ALIKE_DOUBT = N_("{header} only resembles a name of {column}.")
RIVALS = N_("{column} was taken from {header}; {rivals} would do as well.")
BESIDE = N_("the time of day stands in {header}")
MADE_OF_ALL = N_("made of the row itself, because the file has no key")
HASHED = N_(
    "The file has no {column} for {table}; a key was made of the whole row. Is each row another one?"
)
KEY_GUESSED = N_(
    "{header} differs in every row: it was taken for {column}, the key of {table}. Is it, also in the"
    " next file?"
)
DIFFERS = N_("{header} differs in every row")
SAY_IT = N_("the file does not say it: it must be filled in")
CONSTANT = N_(
    "The file does not say {column} of {table}. Say it in the profile for all rows:"
    ' {column} = {{ value = "{example}" }}.'
)


def _made_up(candidate: Candidate, name: str, raw: RawTable) -> Rule | Said:
    if (candidate.table.name, name) in HASHABLE:
        return Rule(hash=raw.names)
    values = {"column": name, "table": candidate.table.name,
              "example": _guess_constant(candidate, name)}  # fmt: skip
    score = candidate.matches.get("score")
    if name == "metric" and score:
        values["header"] = score.header
    return (CONSTANT, values)


def _guess_constant(candidate: Candidate, name: str) -> str:
    if (candidate.table.name, name) == ("surveys", "metric"):
        score = candidate.matches.get("score")
        if score and (metric := question_of(score.header)):
            return metric
    return candidate.table.by_name[name].example


def _unit(rule: Rule, header: str, values: Sequence[str]) -> tuple[Rule, list[Said], list[Said]]:
    """The unit of a duration, by its header and its values."""
    clocks = sum(":" in value for value in values)
    if values and clocks >= 0.9 * len(values):
        return replace(rule, unit=DurationUnit.HMS), [(CLOCK, {})], []
    name = header.casefold()
    if "ms" in name.replace("(", " ").replace(")", " ").split() or "milli" in name:
        return replace(rule, unit=DurationUnit.MS), [(UNIT_NAMED, {"header": header})], []
    if "minut" in name or "(min" in name:
        return replace(rule, unit=DurationUnit.MIN), [(UNIT_NAMED, {"header": header})], []
    numbers = [float(value) for value in values if value.replace(".", "", 1).isdigit()]
    if numbers and sorted(numbers)[len(numbers) // 2] > 20_000:
        return rule, [], [(LONG, {"column": header})]
    return rule, [], []


CLOCK = N_("the values are written as minutes and seconds")
UNIT_NAMED = N_("{header} names the unit")
LONG = N_(
    "{column}: as seconds the values are very long; they may be milliseconds."
    ' Say it in the profile: unit = "ms", or unit = "s".'
)
