"""A large extract of contacts as a Dutch contact-centre system writes it: semicolons, 31-12-2025.

Made of numbers alone, so that the same file comes out of every run; some rows are unfit and some
keys come twice, so that checking and deduplicating have something to do.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

#: Of a million rows: a day that is none, and a key that came before.
UNFIT, REPEATED = 500, 1_000

_ROWS = """
SELECT
    'C' || lpad((CASE WHEN i % {every_repeated} = 7 THEN i - 1 ELSE i END)::VARCHAR, 9, '0')
        AS contact_id,
    CASE WHEN h % 20 > 0 THEN lpad((h % 250000)::VARCHAR, 7, '0') END AS customer_id,
    CASE WHEN h % 3 = 0 THEN 'Z' || (h % 300000) END AS case_id,
    CASE WHEN i % {every_unfit} = 11 THEN '31-02-2025 10:00:00'
         ELSE strftime(TIMESTAMP '2024-01-01' + to_seconds((h % 63072000)), '%d-%m-%Y %H:%M:%S')
    END AS started_at,
    ['phone', 'email', 'chat', 'portal'][1 + h % 4] AS channel,
    CASE WHEN h % 9 = 0 THEN 'out' ELSE 'in' END AS direction,
    ['order_status', 'invoice', 'defect', 'address', 'price', 'conditions'][1 + (h // 7) % 6]
        AS reason,
    h % 600 AS wait_s,
    replace(((h // 11) % 9000 / 10)::DECIMAL(9, 1)::VARCHAR, '.', ',') AS talk_s,
    CASE WHEN h % 17 = 0 THEN 'ja' ELSE 'nee' END AS abandoned,
    'a' || (h // 13) % 400 AS agent_id
FROM (SELECT range AS i, (hash(range) % 1000000007)::BIGINT AS h FROM range({rows}))
"""

PROFILE = """
name = "contacts of the benchmark"
[read]
encoding = "utf-8"
delimiter = ";"
decimal = ","
date_order = "dmy"
[[feeds]]
table = "contacts"
[feeds.columns]
contact_id = "contact_id"
customer_id = "customer_id"
case_id = "case_id"
started_at = "started_at"
channel = { from = "channel", map = { "email" = "e-mail" } }
direction = "direction"
reason = "reason"
wait_s = "wait_s"
talk_s = "talk_s"
abandoned = "abandoned"
agent_id = "agent_id"
"""


def write_extract(path: Path, rows: int) -> None:
    """Write the extract, unless it is there."""
    if path.is_file():
        return
    unfit, repeated = 1_000_000 // UNFIT, 1_000_000 // REPEATED
    query = _ROWS.format(rows=rows, every_unfit=unfit, every_repeated=repeated)
    part = path.with_suffix(".part")
    with duckdb.connect() as connection:
        connection.execute(f"COPY ({query}) TO '{part}' (FORMAT csv, DELIMITER ';', HEADER true)")
    part.rename(path)
