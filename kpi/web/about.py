"""What a file that is taken along says of itself: which filters its rows were kept to."""

from __future__ import annotations

from collections.abc import Mapping

from kpi.bulletin import rows as words
from kpi.filters import Filters
from kpi.i18n import _, language
from kpi.results.rows import BESIDES
from kpi.store import Store


def kept_to(store: Store, filters: Filters, besides: Mapping[str, str]) -> list[str]:
    """Each filter in words ("Channel: phone"), then what is kept to beside the filters."""

    def title(kind: str, value: str) -> str:
        return store.configuration.title(kind, value, language())

    said = [
        f"{words.head(name)}: "
        + ", ".join(
            words.cell(name, value, title, "UTC") if value else _("unknown") for value in values
        )
        for name, values in filters.where
    ]
    return said + [
        words.kept_to(name, besides[name], title) for name in BESIDES if besides.get(name)
    ]
