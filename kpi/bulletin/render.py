"""The one Jinja environment: escapes everything, fails on a name that is not there."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from kpi.formats import lower_first
from kpi.i18n import _, language, ngettext

TEMPLATES = Path(__file__).resolve().parent / "templates"
#: A date as it is written: a browser breaks the line after each hyphen or space in it.
_DATE = re.compile(r"\b(?:\d{2}-\d{2}|\d{1,2} [A-Za-z]{3,4})[- ]\d{4}\b")


def whole_dates(text: str) -> Markup:
    """The text, with every date in it kept on one line."""
    return Markup(_DATE.sub(r'<span class="whole">\g<0></span>', str(escape(text))))  # noqa: S704


@cache
def environment() -> Environment:
    """Made once; templates are compiled once."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["lower_first"] = lower_first
    made.filters["whole_dates"] = whole_dates
    made.globals.update(_=_, ngettext=ngettext, language=language)
    return made


def render(template: str, **context: Any) -> str:
    """`template` ("scorecard.jinja") filled in, in the language spoken now."""
    return environment().get_template(template).render(**context)


@cache
def style(name: str) -> str:
    """A style sheet or script of ours ("scorecard.css"), as it stands."""
    return (TEMPLATES / name).read_text(encoding="utf-8")
