"""More KPIs as somebody would write them by hand; as `bench.by_hand`, for DuckDB alone."""

_JOINED = """
SELECT c.process, d.week, {value} AS value
FROM {source} JOIN days d ON d.day = c.{day}
WHERE c.{day} BETWEEN :since AND :until AND {where}
GROUP BY c.process, d.week
"""
_CONTACTS = "prepared_contacts c"
_CASES = "prepared_cases c"
_SURVEYS = "prepared_surveys c"
_WITH_CASE = "prepared_contacts c LEFT JOIN prepared_cases k ON k.case_id = c.case_id"
_WITH_WORK = "prepared_cases c LEFT JOIN prepared_work w ON w.case_id = c.case_id"
_WITH_STRATEGY = "prepared_contacts c JOIN prepared_steering s ON s.contact_id = c.contact_id"
_SHARE = "100.0 * count(*) FILTER (WHERE {yes}) / nullif(count(*), 0)"
_HANDLED = "c.inbound AND c.answered"
_CLOSED = "c.closed_at IS NOT NULL"
_GIVEN_UP = "c.abandoned AND (c.wait_s IS NULL OR c.wait_s > 5)"


def _contacts(yes: str, where: str = "true", source: str = _CONTACTS) -> str:
    return _JOINED.format(
        value=_SHARE.format(yes=yes),
        source=source,
        day="started_day",
        where=f"{_HANDLED} AND ({where})",
    )


def _cases(yes: str, where: str, source: str = _CASES, day: str = "closed_day") -> str:
    return _JOINED.format(value=_SHARE.format(yes=yes), source=source, day=day, where=where)


def _surveys(metric: str, value: str, also: str = "c.valid", level: str = "contact") -> str:
    return _JOINED.format(
        value=value,
        source=_SURVEYS,
        day="responded_day",
        where=f"c.metric = '{metric}' AND c.level = '{level}' AND {also}",
    )


def _first_time(chain: str) -> str:
    return _contacts(
        f"c.{chain}chain_length = 1 AND (k.case_id IS NULL OR "
        "coalesce(epoch(k.closed_at) - epoch(c.started_at) <= 7 * 86400, false))",
        f"c.{chain}chain_position = 1 AND c.started_at <= :as_of - INTERVAL 7 DAY",
        _WITH_CASE,
    )


def _strategy(place: str) -> str:
    return _JOINED.format(
        value=_SHARE.format(yes=f"s.strategy = '{place}'"),
        source=_WITH_STRATEGY,
        day="started_day",
        where="c.inbound",
    )


_THREE = _JOINED.format(
    value="100.0 * count(DISTINCT c.customer_id) FILTER (WHERE c.chain_position > 2)"
    " / nullif(count(DISTINCT c.customer_id), 0)",
    source=_CONTACTS,
    day="started_day",
    where=f"{_HANDLED} AND c.chain_position IS NOT NULL",
)

_CONTACTS_PER_CASE = _JOINED.format(
    value="avg(coalesce(l.contacts_in, 0))",
    source="prepared_cases c LEFT JOIN prepared_case_contacts l ON l.case_id = c.case_id",
    day="closed_day",
    where=_CLOSED,
)

_TOUCH = _JOINED.format(
    value="100.0 * sum(w.work_seconds) / nullif(sum(c.working_seconds) "
    "FILTER (WHERE w.work_seconds IS NOT NULL), 0)",
    source=_WITH_WORK,
    day="closed_day",
    where=_CLOSED,
)

_SILENT = """
WITH ends AS (
  SELECT week, least(max(ends_at), :as_of) AS t FROM days
  WHERE day BETWEEN :since AND :until GROUP BY week
)
SELECT c.process, e.week, count(*) AS value
FROM prepared_silences c JOIN ends e
  ON c.silent_from < e.t AND (c.silent_until IS NULL OR c.silent_until >= e.t)
GROUP BY c.process, e.week
"""

_CHAIN = """
SELECT c.process, d.week,
  100.0 * count(*) FILTER (WHERE p.measured) / nullif(count(*), 0) AS value
FROM prepared_passages p JOIN prepared_cases c ON c.case_id = p.case_id
  JOIN days d ON d.day = c.opened_day
WHERE c.opened_day BETWEEN :since AND :until AND NOT p.optional
GROUP BY c.process, d.week
"""

_ONLINE = """
SELECT c.process, d.week, 100.0 * sum(c.online) / nullif(sum(c.online + c.calls), 0) AS value
FROM prepared_transactions c JOIN days d ON d.day = c.day
WHERE c.day BETWEEN :since AND :until
GROUP BY c.process, d.week
"""

_SENTIMENT = """
SELECT c.process, d.week,
  100.0 * count(*) FILTER (WHERE c.sentiment = 'negative') / nullif(count(*), 0) AS value
FROM prepared_texts c JOIN days d ON d.day = c.day
WHERE c.day BETWEEN :since AND :until AND c.sentiment IS NOT NULL
GROUP BY c.process, d.week
"""

QUERIES: dict[str, str] = {
    "within_norm_department": _cases(
        "c.left_at <= c.deadline_at",
        "c.deadline_at <= :as_of",
        "prepared_segments c",
        "entered_day",
    ),
    "flow_efficiency": _TOUCH,
    "silent_cases": _SILENT,
    "contacts_per_case": _CONTACTS_PER_CASE,
    "first_line": _cases("w.first_line", _CLOSED, _WITH_WORK),
    "promise_kept": _cases(
        "c.closed_at <= c.promised_for", f"{_CLOSED} AND c.promised_for <= :as_of"
    ),
    "settled_at_once": _contacts(
        "c.case_id IS NULL OR epoch(k.closed_at) - epoch(c.started_at) <= 86400", source=_WITH_CASE
    ),
    "three_contacts": _THREE,
    "context_kept": _contacts("k.opened_at < c.started_at", "c.chain_position > 1", _WITH_CASE),
    "first_contact_resolution": _first_time(""),
    "first_contact_resolution_same_reason": _first_time("reason_"),
    "service_level": _JOINED.format(
        value=_SHARE.format(yes="c.answered AND c.wait_s <= 20"),
        source=_CONTACTS,
        day="started_day",
        where=f"c.inbound AND c.live AND ((c.answered AND c.wait_s IS NOT NULL) OR ({_GIVEN_UP}))",
    ),
    "abandonment": _JOINED.format(
        value=_SHARE.format(yes=_GIVEN_UP),
        source=_CONTACTS,
        day="started_day",
        where=f"c.inbound AND c.live AND (c.answered OR ({_GIVEN_UP}))",
    ),
    "handle_time": _JOINED.format(
        value="avg(c.handle_s)", source=_CONTACTS, day="started_day", where=_HANDLED
    ),
    "transfers": _contacts("c.transfers > 0"),
    "grade": _surveys("grade10", "avg(c.score)", "c.valid AND c.latest"),
    "nps": _surveys(
        "nps",
        "100.0 * (count(*) FILTER (WHERE c.score >= 9) - count(*) FILTER (WHERE c.score <= 6))"
        " / nullif(count(*), 0)",
        level="relation",
    ),
    "ces": _surveys("ces7", _SHARE.format(yes="c.score >= 5")),
    "sentiment": _SENTIMENT,
    "channel_preferred": _strategy("preferred"),
    "channel_supporting": _strategy("supporting"),
    "channel_discouraged": _strategy("discouraged"),
    "online_share": _ONLINE,
    "chain_coverage": _CHAIN,
}
