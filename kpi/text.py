"""Marks texts for translation where they are declared; `kpi.i18n` translates where they are shown."""

#: Stands where there is no value.
NOTHING = "–"
#: Joins a number and its unit: it does not break.
SPACE = "\u00a0"


def N_(message: str) -> str:  # noqa: N802 - the usual gettext name
    """Mark `message` (English) for extraction and return it unchanged."""
    return message
