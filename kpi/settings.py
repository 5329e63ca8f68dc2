"""Settings of an installation, from one file and the environment; a wrong one gets a sentence.

Each setting is a field below. It is read from, the first that says something: the command line
(`--database`), the environment (`KETENZICHT_` and the name in capitals), the settings file, the
default. The settings file is the one that `KETENZICHT_SETTINGS` names, else `ketenzicht.toml`
beside the store; it holds the same names, the caps in a table of their own:

    time_zone = "Europe/Amsterdam"
    [caps]
    max_rows = 2000000
    [channels]
    team = "mailtos://user:password@mail.example.org?to=team@example.org"

Channels are where alerts and digests go, as Apprise addresses. They hold passwords: they are kept
here, or in `KETENZICHT_CHANNEL_TEAM`, and never in the store; everything else names them only.
"""

from __future__ import annotations

import hashlib
import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import Field, dataclass, field, fields
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import platformdirs
from sqlalchemy.engine import URL, make_url

from kpi.i18n import _
from kpi.setting_values import CHECKS, SettingsProblem, path_of, url_of, whole_number
from kpi.suggest import suggest
from kpi.text import N_

APPLICATION = "ketenzicht"
PREFIX = "KETENZICHT_"
SETTINGS_FILE = "ketenzicht.toml"
_PACKAGE = Path(__file__).resolve().parent


def _setting(default: Any, meaning: str) -> Any:
    return field(default=default, metadata={"meaning": meaning})


@dataclass(frozen=True)
class Caps:
    """What a file may be at most; a larger one is refused with a sentence."""

    max_bytes: int = _setting(2_000_000_000, N_("Largest file, bytes"))
    max_rows: int = _setting(20_000_000, N_("Most rows in a file"))
    max_columns: int = _setting(1_000, N_("Most columns in a file"))
    max_line_length: int = _setting(4_000_000, N_("Longest line in a file, characters"))
    max_parse_seconds: int = _setting(3600, N_("Longest time to read a file, seconds"))


@dataclass(frozen=True)
class Settings:
    """Settings of an installation; `load_settings` makes it."""

    database_url: str = _setting("", N_("Where the store is, as an SQLAlchemy URL"))
    time_zone: str = _setting("Europe/Amsterdam", N_("Time zone of the organisation"))
    language: str = _setting("nl", N_("Language where nobody chose one"))
    case_word_nl: str = _setting("zaak", N_("The Dutch word for a case: zaak, melding, dossier…"))
    holidays_country: str = _setting("NL", N_("Country whose public holidays are kept (ISO code)"))
    memory_limit: str = _setting("", N_("Memory the store may use, like 4GB; empty: 80% of it all"))
    pair_screens: str = _setting(
        "no", N_("Screens elsewhere may be let in, one by one, to see totals only: yes or no")
    )
    inbox: str = _setting("", N_("Folder to load from; empty: inbox beside the store; or off"))
    threads: int = _setting(0, N_("Processors the store may use; 0: all"))
    base_url: str = _setting(
        "", N_("Address at which people reach Ketenzicht, for links in messages")
    )
    #: A table of its own in the file; never shown, for it holds passwords.
    channels: Mapping[str, str] = field(default_factory=dict, repr=False, hash=False)
    caps: Caps = field(default_factory=Caps)

    @cached_property
    def url(self) -> URL:
        """The database URL, taken apart."""
        return make_url(self.database_url)

    @property
    def database_path(self) -> Path | None:
        """The file of the store; None for a database server."""
        return path_of(self.url)

    @property
    def beside(self) -> Path:
        """What lies beside the store is named after this path.

        It is the store's own file; for a database on a server a name in the user's data folder.
        """
        path = self.database_path
        return path if path is not None else _place_of(self.url)

    @property
    def store_name(self) -> str:
        """The store in words for a sentence: its file, or its address without the password."""
        path = self.database_path
        return str(path) if path is not None else self.url.render_as_string(hide_password=True)

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of the organisation."""
        return ZoneInfo(self.time_zone)


def load_settings(database_url: str | None = None) -> Settings:
    """Settings as this process was asked to use them.

    Args:
        database_url: as given on the command line; it wins.

    Raises:
        SettingsProblem: with a sentence that names the setting, the value and what is possible.
    """
    environment = dict(_environment())
    wanted = database_url or environment.get("database_url") or None
    file = _settings_file(wanted)
    said = _from_file(file) if file else {}
    for name, text in environment.items():
        said[name] = (text, PREFIX + name.upper())
    if wanted:
        origin = "--database" if database_url else f"{PREFIX}DATABASE_URL"
        said["database_url"] = (wanted, origin)
    said.setdefault("database_url", (default_database_url(), _("the default")))
    caps = {name: _value(cap, *said[name]) for name, cap in _CAPS.items() if name in said}
    channels = {**said.pop("channels", ({}, ""))[0], **_channels_of_environment()}
    own = {name: _value(one, *said[name]) for name, one in _OWN.items() if name in said}
    return Settings(**own, caps=Caps(**caps), channels=channels)


def default_database_url() -> str:
    """The store when nobody says where: `data/` of a checkout, else the user's data folder."""
    folder = (
        project_folder() / "data"
        if is_checkout()
        else Path(platformdirs.user_data_dir(APPLICATION))
    )
    return f"duckdb:///{folder / 'ketenzicht.duckdb'}"


def is_checkout() -> bool:
    """Whether this runs from the project folder and not as an installed package."""
    return (_PACKAGE.parent / "pyproject.toml").is_file()


def project_folder() -> Path:
    """The folder with `app.py`, `pages` and `data`, in a checkout and when installed."""
    return _PACKAGE.parent if is_checkout() else _PACKAGE.parent / APPLICATION


def described() -> Iterator[tuple[str, str, Any, str]]:
    """Per setting its name in the file, its environment variable, its default and its meaning."""
    for name, one in _OWN.items():
        yield name, PREFIX + name.upper(), one.default, one.metadata["meaning"]
    yield "channels", f"{_CHANNEL}…", {}, N_("Where messages go: names and Apprise addresses")
    for name, one in _CAPS.items():
        yield f"caps.{name}", PREFIX + name.upper(), one.default, one.metadata["meaning"]


_OWN: dict[str, Field[Any]] = {
    one.name: one for one in fields(Settings) if one.name not in {"caps", "channels"}
}
_CAPS: dict[str, Field[Any]] = {one.name: one for one in fields(Caps)}
_KNOWN = (*_OWN, *_CAPS)
#: The environment variable of the settings file; what that of a channel begins with.
_FILE, _CHANNEL = f"{PREFIX}SETTINGS", f"{PREFIX}CHANNEL_"
#: How alike (0-100) an unknown environment variable must be to be taken for a typing error.
_ALIKE = 80


def _environment() -> Iterator[tuple[str, str]]:
    for variable, text in os.environ.items():
        if not variable.startswith(PREFIX) or variable.startswith((_FILE, _CHANNEL)):
            continue
        name = variable.removeprefix(PREFIX).lower()
        if name in _KNOWN:
            yield name, text
        elif other := suggest(name, _KNOWN, _ALIKE):
            raise SettingsProblem(
                _("There is no setting {name}. Did you mean {other}?").format(
                    name=variable, other=PREFIX + other.upper()
                )
            )


def _channels_of_environment() -> dict[str, str]:
    return {
        variable.removeprefix(_CHANNEL).lower(): text
        for variable, text in os.environ.items()
        if variable.startswith(_CHANNEL) and text
    }


def _settings_file(wanted: str | None) -> Path | None:
    named = os.environ.get(_FILE)
    if named:
        path = Path(named).expanduser()
        if not path.is_file():
            raise SettingsProblem(
                _("{name} says {path}, and there is no such file.").format(name=_FILE, path=path)
            )
        return path
    store = path_of(url_of(wanted or default_database_url(), "--database"))
    beside = store.parent / SETTINGS_FILE if store else None
    return beside if beside and beside.is_file() else None


def _from_file(path: Path) -> dict[str, tuple[Any, str]]:
    try:
        read = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise SettingsProblem(
            _("The settings file {path} cannot be read: {problem}.").format(
                path=path, problem=problem
            )
        ) from problem
    caps = read.pop("caps", {})
    if not isinstance(caps, dict):
        raise SettingsProblem(_("In {path}, caps must be a table.").format(path=path))
    channels = read.pop("channels", {})
    if not isinstance(channels, dict) or not all(isinstance(one, str) for one in channels.values()):
        # Never with what stands there: it may be a password.
        raise SettingsProblem(
            _("In {path}, channels must be a table of names and addresses.").format(path=path)
        )
    said: dict[str, tuple[Any, str]] = {"channels": (channels, str(path))}
    for known, group, prefix in ((_OWN, read, ""), (_CAPS, caps, "caps.")):
        for name, value in group.items():
            if name not in known:
                raise SettingsProblem(_unknown(prefix + name, known, prefix, path))
            said[name] = (value, f"{prefix}{name} ({path})")
    return said


def _unknown(name: str, known: Mapping[str, object], prefix: str, path: Path) -> str:
    other = suggest(name.removeprefix(prefix), known)
    if other:
        return _("{path} has no setting {name}. Did you mean {other}?").format(
            path=path, name=name, other=prefix + other
        )
    return _("{path} has no setting {name}. There is {known}.").format(
        path=path, name=name, known=", ".join(prefix + one for one in known)
    )


def _value(one: Field[Any], value: Any, origin: str) -> Any:
    whole = one.name in _CAPS or one.name == "threads"
    if whole:
        value = whole_number(value, origin, least=0 if one.name == "threads" else 1)
    elif not isinstance(value, str):
        raise SettingsProblem(
            _("{name} is {value}; it must be a text.").format(name=origin, value=value)
        )
    check = CHECKS.get(one.name)
    return check(value, origin) if check else value


def _place_of(url: URL) -> Path:
    # Not after the user: two users of one database on one machine wait for each other too.
    query = sorted((name, str(value)) for name, value in url.query.items())
    whole = repr((url.host, url.port, url.database, query))
    name = "".join(one for one in url.database or "" if one.isalnum() or one in "-_")[:20]
    digest = hashlib.sha256(whole.encode()).hexdigest()[:12]
    return Path(platformdirs.user_data_dir(APPLICATION)) / "servers" / f"{name}-{digest}"
