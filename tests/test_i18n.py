"""Every text the product shows has its Dutch, with the same placeholders, said one way only."""

import ast
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

from kpi import i18n
from kpi.i18n import LANGUAGES, LOCALE_FOLDER, SOURCE_LANGUAGE, _, closest, language, ngettext, use

ROOT = Path(__file__).resolve().parent.parent
TRANSLATIONS = [language for language in LANGUAGES if language != SOURCE_LANGUAGE]

Key = tuple[str | None, str | tuple[str, ...]]


def in_python(source: str) -> Iterator[tuple[int, Key]]:
    """Messages of a module. Read from the syntax tree: Babel's own reader skips f-strings."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else None
        called = node.func.id if isinstance(node.func, ast.Name) else called
        if called not in {"_", "N_", "ngettext", "pgettext"}:
            continue
        words = [a.value for a in node.args if isinstance(a, ast.Constant) and a.value]
        assert not any(isinstance(a, ast.JoinedStr) for a in node.args), (
            f"line {node.lineno}: a filled-in text cannot be translated; use .format()"
        )
        if called in {"_", "N_"} and len(words) == 1:
            yield node.lineno, (None, words[0])
        elif called == "ngettext" and len(words) >= 2:
            yield node.lineno, (None, (words[0], words[1]))
        elif called == "pgettext" and len(words) == 2:
            yield node.lineno, (words[0], words[1])


@cache
def messages() -> dict[Key, str]:
    """Every message in the code and the templates, with the place where it stands."""
    found: dict[Key, str] = {}
    sources = [ROOT / "app.py"]
    for folder in ("kpi", "pages"):
        sources += sorted((ROOT / folder).rglob("*.py"))
    for path in sources:
        for line, key in in_python(path.read_text(encoding="utf-8")):
            found.setdefault(key, f"{path.relative_to(ROOT)}:{line}")
    for path in sorted((ROOT / "kpi").rglob("*.jinja")):
        with path.open("rb") as file:
            # As `kpi.bulletin.render` sets it up, {% trans %} included.
            options = {"extensions": "jinja2.ext.i18n", "trimmed": "true"}
            for line, _name, text, _comments in babel_extract(file, ["_", "ngettext"], [], options):
                found.setdefault((None, text), f"{path.relative_to(ROOT)}:{line}")
    return found


def catalogues(of: str) -> Iterator[tuple[str, Catalog]]:
    for path in sorted((LOCALE_FOLDER / of).glob("*.po")):
        with path.open("rb") as file:
            yield path.name, read_po(file, locale=of, charset="utf-8", abort_invalid=True)


def translated(of: str) -> Iterator[tuple[str, Message]]:
    for name, catalogue in catalogues(of):
        for message in catalogue:
            if message.id:
                yield name, message


def texts(of: str | tuple[str, ...] | list[str] | None) -> list[str]:
    return [of] if isinstance(of, str) else list(of or ())


def placeholders(text: str) -> set[str]:
    return {name for _literal, name, _spec, _conversion in Formatter().parse(text) if name}


def formatted(text: str) -> bool:
    """Whether the text is one that `format` fills in (some speak of `{id}` itself)."""
    try:
        return bool(placeholders(text))
    except ValueError:
        return False


@pytest.mark.parametrize("of", TRANSLATIONS)
def test_every_message_is_translated(of):
    known = {(message.context, message.id) for _name, message in translated(of)}
    missing = {
        place: text for (context, text), place in messages().items() if (context, text) not in known
    }
    assert not missing


@pytest.mark.parametrize("of", TRANSLATIONS)
def test_no_translation_is_empty_unsure_or_left_over(of):
    wanted = messages()
    for name, message in translated(of):
        said = texts(message.string)
        assert all(text.strip() for text in said), f"{name}: {message.id!r} is empty"
        assert not message.fuzzy, f"{name}: {message.id!r} is marked unsure"
        key = (message.context, message.id)
        assert key in wanted, f"{name}: {message.id!r} is said nowhere"


@pytest.mark.parametrize("of", TRANSLATIONS)
def test_placeholders_are_the_same(of):
    for name, message in translated(of):
        wanted = set().union(*(placeholders(t) for t in texts(message.id) if formatted(t)))
        for said in texts(message.string):
            have = placeholders(said) if formatted(said) else set()
            # One of several plural forms may say "one row" without the figure.
            optional = {"n"} if isinstance(message.id, tuple) else set()
            assert have | optional >= wanted, f"{name}: {message.id!r} loses a placeholder"
            assert have <= wanted, f"{name}: {message.id!r} invents a placeholder"


@pytest.mark.parametrize("of", TRANSLATIONS)
def test_one_message_is_said_one_way(of):
    said: dict[Key, tuple[str, list[str]]] = {}
    for name, message in translated(of):
        key = (message.context, message.id)
        first = said.setdefault(key, (name, texts(message.string)))
        assert first[1] == texts(message.string), f"{name} and {first[0]}: {message.id!r}"


@pytest.mark.parametrize("of", TRANSLATIONS)
def test_dutch_stays_dutch_and_calm(of):
    for name, message in translated(of):
        for said in texts(message.string):
            assert "!" not in said, f"{name}: {said!r}"
            assert not re.search(r"\b(error|invalid|fout!)\b", said, re.IGNORECASE), said


def test_language_is_that_of_the_block():
    assert language() == SOURCE_LANGUAGE
    with use("nl"):
        assert _("unknown") == "onbekend"
        with use("en"):
            assert _("unknown") == "unknown"
        assert language() == "nl"
    assert language() == SOURCE_LANGUAGE


def test_each_thread_speaks_its_own_language():
    def said(of: str) -> str:
        with use(of):
            return _("unknown")

    with ThreadPoolExecutor(4) as pool:
        heard = list(pool.map(said, ["nl", "en"] * 50))
    assert heard == ["onbekend", "unknown"] * 50


def test_unknown_text_stays_and_empty_stays_empty():
    with use("nl"):
        assert _("a text nobody translated") == "a text nobody translated"
        # gettext would answer with the catalogue's own header.
        assert _("") == ""
        assert ngettext("one x", "many x", 2) == "many x"


@pytest.mark.parametrize(
    ("wanted", "got"),
    [("nl-BE", "nl"), ("EN_us", "en"), ("de", "nl"), (None, "nl"), ("", "nl"), ("x" * 999, "nl")],
)
def test_closest_language(wanted, got):
    assert closest(wanted) == got


def test_a_language_nobody_translated_is_refused():
    with pytest.raises(ValueError, match="'de'"):
        use("de")
    assert i18n.language() == SOURCE_LANGUAGE
