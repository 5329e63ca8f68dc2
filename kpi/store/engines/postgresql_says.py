"""What a PostgreSQL server complains of, as sentences for the user."""

from __future__ import annotations

import re

import psycopg
from psycopg import errors
from sqlalchemy.engine import URL

from kpi.i18n import _

#: What libpq and the server put before what they have to say.
_PREAMBLE = re.compile(r"^(connection (failed|to server [^:]*failed): |\w+:\s+)+")


def refusal(url: URL, problem: BaseException) -> str:
    """Why a connection could not be made.

    libpq gives words only, no code. In another language than English these are not known; then the
    server's own words are told.
    """
    said = _first_line(problem)
    where = _server(url)
    if not _answers(url):
        return _(
            "The database server {server} cannot be reached: {problem}. Is it running, and are "
            "host and port right?"
        ).format(server=where, problem=said)
    user = url.username or "?"
    whole = str(getattr(problem, "orig", None) or problem)
    if "password" in whole:
        return _(
            "The database server {server} refuses user {user}: the password is wrong or missing. "
            "It may stand in the address, in PGPASSWORD or in ~/.pgpass."
        ).format(server=where, user=user)
    if "role" in whole and "does not exist" in whole:
        return _("The database server {server} knows no user {user}.").format(
            server=where, user=user
        )
    if "database" in whole and "does not exist" in whole:
        return _(
            "There is no database {database} on {server}. Make it there with: createdb {database}"
        ).format(database=url.database, server=where)
    return _("The database server {server} refuses the connection: {problem}.").format(
        server=where, problem=said
    )


def sentence(url: URL, problem: BaseException) -> str | None:
    """What the user should know of a problem on an open connection; None: a mistake of ours."""
    original = getattr(problem, "orig", None) or problem
    if isinstance(original, errors.InsufficientPrivilege | errors.InvalidSchemaName):
        return _(
            "User {user} may not make or use tables in database {database}: {problem}. Its owner "
            "can allow it with: GRANT ALL ON SCHEMA public TO {user}"
        ).format(user=url.username or "?", database=url.database, problem=_first_line(original))
    if isinstance(original, errors.DiskFull):
        return _("The disk is full. Make room and try again; nothing was changed.")
    if isinstance(original, errors.OutOfMemory):
        return _(
            "The memory of the database server is not enough for this step; nothing was changed."
        )
    if isinstance(original, errors.ReadOnlySqlTransaction):
        return _(
            "The database {database} can only be read, like the standby of another. Name the "
            "server that may be written to."
        ).format(database=url.database)
    if isinstance(original, errors.QueryCanceled):
        return _(
            "The database server stopped this step, as when it takes too long: {problem}. "
            "Nothing was changed."
        ).format(problem=_first_line(original))
    if isinstance(original, psycopg.OperationalError):
        if original.sqlstate is None and not _answers(url):
            return refusal(url, original)
        return _(
            "The connection with the database server {server} was lost: {problem}. What was not "
            "finished was not kept; try again."
        ).format(server=_server(url), problem=_first_line(original))
    if isinstance(original, psycopg.DataError) and "NUL" in str(original):
        return _("A text with a character that is none (NUL) cannot be looked for.")
    return None


def _server(url: URL) -> str:
    query = url.query.get("host")
    host = url.host or (query if isinstance(query, str) else None) or "localhost"
    return f"{host}:{url.port}" if url.port else host


def _answers(url: URL) -> bool:
    """Whether a server is there at all, whatever it thinks of us."""
    named = {"host": url.host, "port": url.port, **url.query}
    given = {name: str(named[name]) for name in ("host", "port") if named.get(name) is not None}
    words = psycopg.conninfo.make_conninfo("", **given, connect_timeout="5")
    ping = psycopg.pq.PGconn.ping(words.encode())
    return ping in {psycopg.pq.Ping.OK, psycopg.pq.Ping.REJECT}


def _first_line(problem: BaseException) -> str:
    lines = str(getattr(problem, "orig", None) or problem).strip().splitlines() or ["?"]
    # With several addresses libpq tells of each; the last one is what it ended with.
    told = [line for line in lines if "failed:" in line] or lines[:1]
    return _PREAMBLE.sub("", told[-1]).strip().rstrip(".")
