"""The KPIs as somebody would write them by hand: one query a KPI, by process and week.

Each gives process, week and value, over the prepared tables, for DuckDB alone.
"""

_CASES = """
SELECT c.process, d.week, {value} AS value
FROM prepared_cases c JOIN days d ON d.day = c.{day}
WHERE c.{day} BETWEEN :since AND :until AND {where}
GROUP BY c.process, d.week
"""
_CONTACTS = """
SELECT c.process, d.week, {value} AS value
FROM prepared_contacts c JOIN days d ON d.day = c.started_day
WHERE c.started_day BETWEEN :since AND :until AND {where}
GROUP BY c.process, d.week
"""
_PER_HOUR = """
WITH hours AS (
  SELECT d.week, sum(o.open_hours) AS hours
  FROM calendar_days o JOIN days d ON d.day = o.day
  WHERE o.calendar = 'opening' AND o.day BETWEEN :since AND :until GROUP BY d.week
), counted AS (
  SELECT c.process, d.week, count(*) AS n
  FROM prepared_contacts c JOIN days d ON d.day = c.started_day
  WHERE c.started_day BETWEEN :since AND :until AND c.inbound AND c.inside_opening {more}
  GROUP BY c.process, d.week
)
SELECT process, week, n / hours AS value FROM counted JOIN hours USING (week)
"""
_TIMED = "c.state IN ('open', 'closed') AND c.timing = 'ok'"
_SHARE = "100.0 * count(*) FILTER (WHERE {yes}) / nullif(count(*), 0)"
_HANDLED = "c.inbound AND c.answered"

#: Kaplan-Meier: the first length at which the product of (1 - closed / at risk) is at most a half.
_LEAD_TIME = """
WITH cases AS (
  SELECT c.process, d.week,
    CASE WHEN c.state <> 'withdrawn' AND c.closed_at <= :as_of THEN 1 ELSE 0 END AS closed,
    epoch(coalesce(
      CASE WHEN c.state = 'withdrawn' AND c.withdrawn_at <= :as_of THEN c.withdrawn_at
           WHEN c.closed_at <= :as_of THEN c.closed_at END, :as_of) - c.opened_at) AS seconds
  FROM prepared_cases c JOIN days d ON d.day = c.opened_day
  WHERE c.opened_day BETWEEN :since AND :until AND c.opened_at <= :as_of
    AND (({timed}) OR (c.state = 'withdrawn' AND c.withdrawn_at >= c.opened_at))
), lengths AS (
  SELECT process, week, seconds, sum(closed) AS closed, count(*) AS n
  FROM cases GROUP BY process, week, seconds
), risk AS (
  SELECT *, sum(n) OVER (PARTITION BY process, week ORDER BY seconds DESC) AS at_risk FROM lengths
), curve AS (
  SELECT process, week, seconds, closed,
    product(1.0 - closed / at_risk) OVER (PARTITION BY process, week ORDER BY seconds) AS left_open
  FROM risk
)
SELECT process, week, min(seconds) / 86400.0 AS value
FROM curve WHERE left_open <= 0.5 + 1e-12 AND closed > 0 GROUP BY process, week
""".replace("{timed}", _TIMED)

_BACKLOG = """
WITH ends AS (
  SELECT week, least(max(ends_at), :as_of) AS t FROM days
  WHERE day BETWEEN :since AND :until GROUP BY week
)
SELECT c.process, e.week, count(*) AS value
FROM prepared_cases c JOIN ends e
  ON c.opened_at < e.t AND (c.ended_at IS NULL OR c.ended_at >= e.t)
WHERE c.state = 'open' OR c.ended_at IS NOT NULL
GROUP BY c.process, e.week
"""

_CSAT = """
WITH five AS (
  SELECT DISTINCT process FROM prepared_surveys WHERE level = 'contact' AND metric = 'csat5'
)
SELECT s.process, d.week,
  100.0 * count(*) FILTER (WHERE s.score >= CASE s.metric WHEN 'csat5' THEN 4 ELSE 7 END)
    / nullif(count(*), 0) AS value
FROM prepared_surveys s JOIN days d ON d.day = s.responded_day
WHERE s.responded_day BETWEEN :since AND :until AND s.level = 'contact' AND s.valid
  AND s.metric = CASE WHEN s.process IN (SELECT process FROM five) THEN 'csat5' ELSE 'grade10' END
GROUP BY s.process, d.week
"""

QUERIES: dict[str, str] = {
    "within_norm": _CASES.format(
        day="opened_day",
        value=_SHARE.format(yes="c.closed_at <= c.deadline_at"),
        where=f"{_TIMED} AND c.deadline_at <= :as_of",
    ),
    "within_due": _CASES.format(
        day="opened_day",
        value=_SHARE.format(yes="c.closed_at <= c.due_at"),
        where=f"{_TIMED} AND c.due_at <= :as_of",
    ),
    "lead_time": _LEAD_TIME,
    "lead_time_closed": _CASES.format(
        day="closed_day",
        value="median(c.lead_seconds) / 86400.0",
        where="c.closed_at IS NOT NULL",
    ),
    "backlog": _BACKLOG,
    "avoidable": _CONTACTS.format(
        value=_SHARE.format(yes="c.category = 'unnecessary'"),
        where=f"{_HANDLED} AND c.category IS NOT NULL",
    ),
    "avoidable_follow_up": _CONTACTS.format(
        value=_SHARE.format(yes="c.category = 'unnecessary'"),
        where=f"{_HANDLED} AND c.category IS NOT NULL AND NOT coalesce(c.first_report, false)",
    ),
    "avoidable_cost": _CONTACTS.format(
        value="sum(c.unit_cost)",
        where=f"{_HANDLED} AND c.category = 'unnecessary'",
    ),
    "repeat_contacts": _CONTACTS.format(
        value=_SHARE.format(yes="c.chain_position > 1"),
        where=f"{_HANDLED} AND c.chain_position IS NOT NULL",
    ),
    "repeat_contacts_same_reason": _CONTACTS.format(
        value=_SHARE.format(yes="c.reason_chain_position > 1"),
        where=f"{_HANDLED} AND c.reason_chain_position IS NOT NULL",
    ),
    "contacts_per_hour": _PER_HOUR.format(more="AND c.answered"),
    "offered_per_hour": _PER_HOUR.format(more=""),
    "csat": _CSAT,
}
