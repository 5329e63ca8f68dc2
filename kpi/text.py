"""Marks texts for translation where they are declared; `kpi.i18n` translates where they are shown."""


def N_(message: str) -> str:  # noqa: N802 - the usual gettext name
    """Mark `message` (English) for extraction and return it unchanged."""
    return message
