"""Downloads of rows: over our own guarded route, kept by no cache, safe in a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from kpi import escape, templates
from kpi.bulletin.books import CSV, MEDIA_TYPES
from kpi.i18n import _, closest, use
from kpi.ingest.totals import lines
from kpi.schema import FACTS
from kpi.schema.titles import TITLES
from kpi.web import running
from kpi.web.set_aside import as_file

#: Excel takes UTF-8 for what it is only with this before it.
_BOM = "\ufeff"
#: Tables that files fill.
FILLED = frozenset(table.name for table in FACTS)


def quarantined(request: Request) -> Response:
    """`/download/quarantined/{import_id}`: rows set aside, each with its reason, to be mended.

    A file like the one they came in (`kpi.web.set_aside`), which is loaded again as that was. Of an
    import of which that was not kept, one line a problem. Personal data may be in it: no-store.
    """
    wanted = request.query_params.get("lang") or request.headers.get("accept-language")
    store = running.store()
    number = int(request.path_params["import_id"])
    with use(closest(wanted, store.settings.language)):
        rows = store.quarantined(number)
        if not rows:
            said = _("Import {number} set no rows aside.").format(number=number)
            return PlainTextResponse(f"{said}\n", status_code=404, headers=_KEPT_BY_NOBODY)
        reading = store.reading_of(number)
        if reading is not None:
            made = as_file(rows, reading)
            name = f"{_('set-aside')}-{number}.{made.kind}"
            return _attached(made.content, name, made.media_type)
        text = as_csv(
            [_("Line"), _("Column"), _("Value"), _("Reason"), _("The row as it came")],
            (
                [row["row_number"], row["column_name"], row["value"], _(row["reason"]), *_raw(row)]
                for row in rows
            ),
        )
    return _attached(text.encode(), f"quarantined-{number}.csv", MEDIA_TYPES[CSV])


def totals(request: Request) -> Response:
    """`/download/totals/{import_id}`: control totals of an import, to hold beside other reports."""
    wanted = request.query_params.get("lang") or request.headers.get("accept-language")
    store = running.store()
    number = int(request.path_params["import_id"])
    with use(closest(wanted, store.settings.language)):
        found = store.totals_of(number)
        names = [
            feed["table_name"]
            for row in store.imports()
            if row["import_id"] == number
            for feed in row["feeds"]
        ]
        if not any(found):
            said = _("Import {number} has no control totals.").format(number=number)
            return PlainTextResponse(f"{said}\n", status_code=404, headers=_KEPT_BY_NOBODY)
        text = as_csv(
            [_("Table"), _("What"), _("Value"), _("Rows"), _("Sum")],
            (
                [_(TITLES.get(name, name)), *line]
                for name, feed in zip(names, found, strict=False)
                for line in lines(name, feed)
            ),
        )
        file = f"{_('control-totals')}-{number}.csv"
    return _attached(text.encode(), file, MEDIA_TYPES[CSV])


def template(request: Request) -> Response:
    """`/download/template/{table}.{kind}`: an empty file with the headers of a table."""
    wanted = request.query_params.get("lang") or request.headers.get("accept-language")
    name, kind = request.path_params["table"], request.path_params["kind"]
    with use(closest(wanted, running.store().settings.language)):
        if name not in FILLED or kind not in {"csv", "xlsx"}:
            said = _("There is no template {name}.").format(name=f"{name}.{kind}"[:80])
            return PlainTextResponse(f"{said}\n", status_code=404)
        made = templates.as_csv(name) if kind == "csv" else templates.as_workbook(name)
        file = f"{escape.file_name(_(TITLES.get(name, name)))}.{kind}"
    return _attached(made, file, MEDIA_TYPES[kind])


def _attached(content: bytes, name: str, media_type: str) -> Response:
    return Response(
        content,
        media_type=media_type,
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
