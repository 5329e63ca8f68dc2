"""Tables that pages show, kept for a while so that they can be taken along as a file.

A page puts the table it shows on the shelf and gets an address that nobody can guess; the file is
made when somebody asks for it. Nothing is written anywhere, and after a restart the address is told
to be gone. Tables about single customers are not put here: they have routes of their own.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections import OrderedDict
from threading import Lock

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from kpi.bulletin import Table
from kpi.bulletin.books import CSV, MEDIA_TYPES, XLSX, Book, as_csv, as_xlsx, unknown_form
from kpi.bulletin.taken import book_of
from kpi.i18n import _, closest, use
from kpi.web import running

#: Most tables kept; the longest unused go first.
MOST = 1000
_KEPT_BY_NOBODY = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
_SECRET = secrets.token_bytes(32)
_lock = Lock()
_shelf: OrderedDict[str, tuple[Table, tuple[tuple[str, str], ...], str]] = OrderedDict()


def keep(shown: Table, about: tuple[tuple[str, str], ...], language: str) -> str:
    """Put a table on the shelf; gives its name in the address. The same table has the same name."""
    said = repr((shown, about, language)).encode()
    name = hashlib.blake2b(said, key=_SECRET, digest_size=18).hexdigest()
    with _lock:
        _shelf[name] = (shown, about, language)
        _shelf.move_to_end(name)
        while len(_shelf) > MOST:
            _shelf.popitem(last=False)
    return name


def take(request: Request) -> Response:
    """`/download/table/{name}?as=csv`: the table as it was shown, with what it is about."""
    with _lock:
        found = _shelf.get(request.path_params["name"])
    if found is None:
        wanted = request.query_params.get("lang") or request.headers.get("accept-language")
        with use(closest(wanted, running.store().settings.language)):
            said = _("This table is no longer kept: open the page again, and take it from there.")
        return PlainTextResponse(f"{said}\n", status_code=404, headers=_KEPT_BY_NOBODY)
    shown, about, language = found
    form = request.query_params.get("as", CSV)
    with use(language):
        if not_made := unknown_form(form):
            return PlainTextResponse(f"{not_made}\n", status_code=404, headers=_KEPT_BY_NOBODY)
        book = book_of(shown, about)
        name = re.sub(r"[^A-Za-z0-9-]+", "_", shown.caption).strip("_")[:80] or "table"
        if form == XLSX:
            return _file(
                as_xlsx(book),
                f"{name}.xlsx",
                MEDIA_TYPES[XLSX],
            )
        return _file(_csv(book), f"{name}.csv", MEDIA_TYPES[CSV])


def _csv(book: Book) -> bytes:
    return "".join(as_csv(book)).encode()


def _file(content: bytes, name: str, kind: str) -> Response:
    return Response(
        content,
        media_type=kind,
        headers={"Content-Disposition": f'attachment; filename="{name}"', **_KEPT_BY_NOBODY},
    )
