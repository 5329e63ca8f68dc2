"""Languages: English message ids, translations in `kpi/locale/<language>/*.po`, merged when read.

Text is marked with `N_` where it is declared (`kpi.text`) and translated with `_` where it is
shown. The language belongs to the running request or command, not to the process, so two people
can read one server in two languages:

    with use("nl"):
        print(_("Customer process"))

The .po files are read as they are: no compiled files to keep in step. One part of the product
owns one file; the same message in two files must have the same translation (tests/test_i18n.py).
"""

from __future__ import annotations

import gettext as stdlib_gettext
import io
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from kpi.text import N_

if TYPE_CHECKING:
    from babel import Locale

#: Languages that are complete, in the order in which they are offered.
LANGUAGES = ("nl", "en")
#: The language of the message ids.
SOURCE_LANGUAGE = "en"
#: Each language by its own name.
LANGUAGE_NAMES = {"nl": "Nederlands", "en": "English"}
#: How each writes numbers and dates.
_LOCALES = {"nl": "nl_NL", "en": "en_GB"}
LOCALE_FOLDER = Path(__file__).resolve().parent / "locale"

_language: ContextVar[str] = ContextVar("ketenzicht_language", default=SOURCE_LANGUAGE)


class use:  # noqa: N801 - reads as a verb: `with use("nl"):`
    """Speak `language` from here on; as a context manager, only inside the block.

    An unknown language is refused (ValueError); use `closest` on what a visitor asked for.
    """

    def __init__(self, language: str) -> None:
        if language not in LANGUAGES:
            raise ValueError(f"no translation into {language!r}; there is {', '.join(LANGUAGES)}")
        self._before = _language.get()
        _language.set(language)

    def __enter__(self) -> None:
        """The language was switched when the object was made."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        _language.set(self._before)


def language() -> str:
    """The language spoken now."""
    return _language.get()


@cache
def _locale(of: str) -> Locale:
    # Imported here: help and the reading child tell no numbers.
    from babel import Locale

    return Locale.parse(_LOCALES[of])


def locale() -> Locale:
    """Babel's locale of the language spoken now."""
    return _locale(language())


def closest(wanted: str | None, otherwise: str = "nl") -> str:
    """The language of ours that fits `wanted` ("nl-BE", "EN", None), else `otherwise`."""
    first = (wanted or "").replace("_", "-").split("-")[0].strip().lower()
    return first if first in LANGUAGES else otherwise


def _(message: str) -> str:
    """`message` (an English message id) in the language spoken now."""
    return _translations(_language.get()).gettext(message) if message else ""


def ngettext(one: str, many: str, n: int) -> str:
    """The form of `one` or `many` that goes with `n`, in the language spoken now."""
    return _translations(_language.get()).ngettext(one, many, n)


def pgettext(context: str, message: str) -> str:
    """As `_`, for a short word that needs two translations: `context` says which is meant."""
    return _translations(_language.get()).pgettext(context, message)


@cache
def _translations(of: str) -> stdlib_gettext.NullTranslations:
    # Imported here: a command that prints nothing translated need not pay for it.
    from babel.messages.catalog import Catalog
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    files = sorted((LOCALE_FOLDER / of).glob("*.po"))
    if not files:
        return stdlib_gettext.NullTranslations()
    merged = Catalog(locale=of, charset="utf-8", fuzzy=False)
    for path in files:
        with path.open("rb") as file:
            for message in read_po(file, locale=of, charset="utf-8"):
                if message.id and message.string and not message.fuzzy:
                    merged.add(message.id, message.string, context=message.context)
    compiled = io.BytesIO()
    write_mo(compiled, merged)
    compiled.seek(0)
    return stdlib_gettext.GNUTranslations(compiled)


__all__ = [
    "LANGUAGES",
    "LANGUAGE_NAMES",
    "N_",
    "SOURCE_LANGUAGE",
    "_",
    "closest",
    "language",
    "ngettext",
    "pgettext",
    "use",
]
