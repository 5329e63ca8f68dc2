"""Downloads of rows: over our own guarded route, kept by no cache, safe in a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from kpi import escape
from kpi.i18n import _, closest, use
from kpi.web import running

#: Excel takes UTF-8 for what it is only with this before it.
_BOM = "\ufeff"


def quarantined(request: Request) -> Response:
    """`/download/quarantined/{import_id}`: rows set aside, each with its reason, to be mended.

    One line a problem: line in the file, column, value, reason, and then the row as it came. With
    semicolons, as Excel in Dutch opens it. Personal data may be in it: no-store.
    """
    wanted = request.query_params.get("lang") or request.headers.get("accept-language")
    store = running.store()
    number = int(request.path_params["import_id"])
    with use(closest(wanted, store.settings.language)):
        rows = store.quarantined(number)
        if not rows:
            said = _("Import {number} set no rows aside.").format(number=number)
            return PlainTextResponse(f"{said}\n", status_code=404, headers=_KEPT_BY_NOBODY)
        text = as_csv(
            [_("Line"), _("Column"), _("Value"), _("Reason"), _("The row as it came")],
            (
                [row["row_number"], row["column_name"], row["value"], _(row["reason"]), *_raw(row)]
                for row in rows
            ),
        )
    name = f"quarantined-{number}.csv"
    return Response(
        text.encode(),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"', **_KEPT_BY_NOBODY},
    )


_KEPT_BY_NOBODY = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}


def as_csv(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """CSV with semicolons and a byte-order mark; no cell is run by a spreadsheet."""
    written = io.StringIO()
    writer = csv.writer(written, delimiter=";", lineterminator="\r\n")
    writer.writerow(heads)
    for row in rows:
        writer.writerow([value if isinstance(value, int) else escape.cell(value) for value in row])
    return _BOM + written.getvalue()


def _raw(row: dict[str, Any]) -> list[str]:
    try:
        cells = json.loads(row["raw"] or "[]")
    except ValueError:
        return [str(row["raw"])]
    return [str(cell) for cell in cells] if isinstance(cells, list) else [str(cells)]
