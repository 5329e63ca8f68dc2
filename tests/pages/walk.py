"""Every page with numbers, with what of it can be opened: what the tests of all numbers walk through."""

from __future__ import annotations

import ast
from pathlib import Path

Visit = tuple[str, dict[str, str]]

SHELL = Path(__file__).resolve().parents[2] / "pages" / "shell.py"
#: Pages without numbers of KPIs, and why.
WITHOUT = {
    "actions": "verdicts over each action's own weeks; tests/pages/test_actions.py",
    "case": "the story of one case",
    "load": "what a file holds",
    "codes": "codes and how often they occur in files",
    "quality": "what is wrong with the data",
    "alerts": "watched values, each with the moment it was looked at",
    "announcements": "texts",
    "screens": "what hangs where",
    "rows": "rows themselves; their count has a test of its own",
}
PART = {"process": "request"}
#: Module and query, the period left out.
VISITS: tuple[Visit, ...] = (
    ("steer.overview", {}),
    *(
        ("steer.process", {**PART, "view": view})
        for view in ("core", "lead", "work", "reasons", "moments", "meeting")
    ),
    ("steer.goals", {}),
    ("manage.definitions", {"kpi": "avoidable"}),
    ("steer.trends", {"kpi": "avoidable"}),
    ("steer.trends", {"kpi": "within_norm", "by": "process", "grain": "month"}),
    ("steer.split", {}),
    ("steer.funnels", {}),
    *(("steer.avoidable", {"view": view}) for view in ("causes", "yield", "back", "valuable")),
    ("steer.avoidable", {"step": "late_delivery"}),
    ("steer.reach", {}),
    ("steer.channels", {}),
    *(("steer.customers", {"view": view}) for view in ("", "stay", "contact", "sold")),
)
#: Other questions, for the pages that take them.
FILTERED: tuple[Visit, ...] = (
    ("steer.overview", {"channel": "phone"}),
    ("steer.process", {"process": "fault", "channel": "phone", "view": "core"}),
    ("steer.process", {"process": "information", "view": "reasons", "compare": "year"}),
    ("steer.process", {**PART, "view": "core", "segment": "huishouden"}),
    ("steer.process", {**PART, "view": "lead", "has_portal": "yes", "tenure": "long"}),
    ("steer.process", {**PART, "view": "work", "department": "customer_service"}),
    ("steer.process", {**PART, "view": "reasons", "segment": "huishouden"}),
    ("steer.process", {**PART, "view": "moments", "department": "customer_service"}),
    ("steer.process", {**PART, "view": "meeting", "segment": "huishouden"}),
    ("steer.trends", {"kpi": "contact_rate", "by": "segment", "grain": "month"}),
    ("steer.avoidable", {"process": "information", "channel": "phone"}),
    ("steer.reach", {"process": "fault"}),
    ("steer.channels", {"process": "request"}),
)


def named(visit: Visit) -> str:
    """A visit in a word."""
    module, query = visit
    return "-".join([module.partition(".")[2], *(value for value in query.values() if value)])


def shown_by_the_shell() -> set[str]:
    """The modules that are a page."""
    tree = ast.parse(SHELL.read_text(encoding="utf-8"))
    return {
        node.args[0].id
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "_page"
        and isinstance(node.args[0], ast.Name)
    }
