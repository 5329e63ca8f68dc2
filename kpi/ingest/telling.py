"""The column that tells rows apart, in a file whose headers name none."""

# ruff: noqa: S608 - names and literals are quoted by kpi.store.lockdown
from __future__ import annotations

from collections.abc import Mapping, Sequence

from kpi.ingest.columns import BLANKS
from kpi.ingest.header import cell_kind
from kpi.ingest.table import RawTable
from kpi.store.scratch import Scratch, quoted

#: So many rows at least must differ before that says something.
_ENOUGH = 10
#: An id is no longer than this.
_LONG = 64


def telling_column(
    connection: Scratch,
    raw: RawTable,
    free: Sequence[str],
    samples: Mapping[str, Sequence[str]],
) -> str | None:
    """The first free column that is filled and different in every row; None where there is none.

    A column that only counts the rows is none: next week's file counts from 1 again.

    Args:
        connection: with `sample`, the first rows of the file.
        raw: the file.
        free: columns that fill nothing else.
        samples: some different values of each.
    """
    likely = [name for name in free if samples[name] and all(map(_id_like, samples[name]))]
    if raw.good < _ENOUGH or not likely:
        return None
    places = {name: at for at, name in enumerate(raw.names)}
    asked = []
    for name in likely:
        text = f"nullif(trim(c{places[name]}, {quoted(BLANKS)}), '')"
        number = f"TRY_CAST({text} AS BIGINT)"
        asked.append(
            f"count(*) = count(DISTINCT {text})"
            f" AND NOT coalesce(max({number}) - min({number}) + 1 = count({number})"
            f" AND count({number}) = count(*) AND min({number}) BETWEEN 0 AND 1, false)"
        )
    row = connection.execute(f"SELECT {', '.join(asked)} FROM sample").fetchone() or ()
    return next((name for name, tells in zip(likely, row, strict=True) if tells), None)


def _id_like(value: str) -> bool:
    """Whether a value could be an id: no date, no sentence, no number with a fraction."""
    if len(value) > _LONG or " " in value or cell_kind(value) == "date":
        return False
    return cell_kind(value) != "number" or value.isdigit()
