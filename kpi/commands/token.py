"""`ketenzicht token`: who may send files over HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from kpi import formats
from kpi.commands.output import plain, rendered
from kpi.commands.show import local
from kpi.commands.who import who
from kpi.i18n import _
from kpi.store.import_tokens import add_token, remove_token, tokens

if TYPE_CHECKING:
    from kpi.store import Store
    from kpi.store.endpoint import Emit

_DONE, _NOTHING = 0, 2
FIELDS = ("name", "made_at", "made_by", "used_at")


def token(store: Store, arguments: Mapping[str, Any], emit: Emit) -> int:
    """Make, list or revoke tokens; a new one is printed, and never again."""
    name = (arguments.get("name") or "").strip()
    if arguments["action"] == "list":
        return _listed(store, arguments.get("as", "table"), emit)
    if not name:
        emit.err(_("Name who sends with it: `ketenzicht token add telephony`.") + "\n")
        return _NOTHING
    if arguments["action"] == "remove":
        remove_token(store, name, who())
        emit.out(_("The token of {name} no longer opens anything.").format(name=name) + "\n")
        return _DONE
    emit.out(add_token(store, name, who()) + "\n")
    emit.err(
        _(
            "This is the token of {name}; it cannot be shown again. Send files with "
            'POST /import?file=NAME and the header "Authorization: Bearer TOKEN".'
        ).format(name=name)
        + "\n"
    )
    return _DONE


def _listed(store: Store, form: str, emit: Emit) -> int:
    zone = store.settings.time_zone
    records = [
        {
            "name": one.name,
            "made_at": local(one.made_at, zone),
            "made_by": one.made_by,
            "used_at": local(one.used_at, zone),
        }
        for one in tokens(store)
    ]
    titles = {
        "name": _("sent by"),
        "made_at": _("made"),
        "made_by": _("by"),
        "used_at": _("last used"),
    }

    def cell(name: str, value: Any, _row: Mapping[str, Any]) -> str:
        if name.endswith("_at"):
            if value is None:
                return formats.NOTHING
            at = datetime.fromisoformat(value)
            return f"{formats.day(at.date())} {at:%H:%M}"
        return plain(value)

    emit.out(rendered(records, form, list(FIELDS), titles, cell))
    return _DONE
