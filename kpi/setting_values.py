"""What a setting may be: each check gives the value as it is used, or a sentence about it.

`origin` names where the value was said: an environment variable, or a name and a file.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from kpi.i18n import LANGUAGES, _

DATABASES = ("duckdb", "postgresql")
#: The one driver for PostgreSQL that is installed with us.
POSTGRESQL = "postgresql+psycopg"
#: What stands for a password in an address that cannot be taken apart.
_PASSWORD = re.compile(r"(://[^:/@]*:).*?(@|$)")


class SettingsProblem(Exception):
    """A setting that cannot be used; its text is a sentence for the user."""


def whole_number(value: Any, origin: str, least: int) -> int:
    """A whole number of at least so much, also from its text."""
    try:
        number = int(value) if isinstance(value, str) else value
    except ValueError:
        number = None
    if isinstance(number, bool) or not isinstance(number, int) or number < least:
        raise SettingsProblem(
            _("{name} is {value}; it must be a whole number of {least} or more.").format(
                name=origin, value=value, least=least
            )
        )
    return number


def path_of(url: URL) -> Path | None:
    """The file of a DuckDB store; None for another database."""
    if url.get_backend_name() != "duckdb" or not url.database:
        return None
    return Path(url.database).expanduser().absolute()


def url_of(text: str, origin: str) -> URL:
    """The address of a store, for the driver that is installed with us."""
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):  # ValueError: a port that is no number
        raise SettingsProblem(
            _("{name} is {value}; it must be an address like {example}.").format(
                name=origin,
                value=_PASSWORD.sub(r"\1***\2", text),
                example="duckdb:////srv/ketenzicht/ketenzicht.duckdb",
            )
        ) from None
    if url.get_backend_name() in {"postgres", "postgresql"}:
        url = url.set(drivername=POSTGRESQL)
    if url.get_backend_name() not in DATABASES:
        raise SettingsProblem(
            _("{name} asks for {value}; the store can be kept in {known}.").format(
                name=origin, value=url.get_backend_name(), known=", ".join(DATABASES)
            )
        )
    if url.get_backend_name() == "duckdb" and url.database in {None, "", ":memory:"}:
        raise SettingsProblem(
            _("{name} is {value}; the store must be a file.").format(name=origin, value=text)
        )
    if url.get_backend_name() == "postgresql" and not url.database:
        raise SettingsProblem(
            _("{name} is {value}; it must name a database too, like {example}.").format(
                name=origin,
                value=url.render_as_string(hide_password=True),
                example=f"{POSTGRESQL}://user@host/ketenzicht",
            )
        )
    return url


def _database(text: str, origin: str) -> str:
    url = url_of(text, origin)
    path = path_of(url)
    # An absolute path: a process that changes its folder must still mean the same store.
    return f"duckdb:///{path}" if path else url.render_as_string(hide_password=False)


def _time_zone(text: str, origin: str) -> str:
    if text not in available_timezones():
        raise SettingsProblem(
            _("{name} is {value}; it must be a time zone like Europe/Amsterdam.").format(
                name=origin, value=text
            )
        )
    return text


def _one_of(*known: str) -> Callable[[str, str], str]:
    def check(text: str, origin: str) -> str:
        if text not in known:
            raise SettingsProblem(
                _("{name} is {value}; there is {known}.").format(
                    name=origin, value=text, known=", ".join(known)
                )
            )
        return text

    return check


def _country(text: str, origin: str) -> str:
    if text != "NL":
        import holidays  # slow to import, and only needed for another country

        if text not in holidays.list_supported_countries():
            raise SettingsProblem(
                _("{name} is {value}; its public holidays are not known here.").format(
                    name=origin, value=text
                )
            )
    return text


def _base_url(text: str, origin: str) -> str:
    if text and not re.fullmatch(r"https?://[^\s/?#]+[^\s?#]*", text):
        raise SettingsProblem(
            _("{name} is {value}; it must be an address like {example}.").format(
                name=origin, value=text, example="https://ketenzicht.example.org"
            )
        )
    return text.rstrip("/")


#: Per setting that is not just any text its check.
CHECKS: dict[str, Callable[[str, str], str]] = {
    "database_url": _database,
    "time_zone": _time_zone,
    "language": _one_of(*LANGUAGES),
    "holidays_country": _country,
    "base_url": _base_url,
    "pair_screens": _one_of("yes", "no"),
}
