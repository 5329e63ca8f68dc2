"""Columns of the prepared tables, by what they hold."""

from __future__ import annotations

from typing import Any

from kpi.schema.model import Column, Type


def text(name: str, meaning: str, example: str = "", **more: Any) -> Column:
    """A text."""
    return Column(name, Type.TEXT, meaning, example, **more)


def whole(name: str, meaning: str, example: str = "1", **more: Any) -> Column:
    """A whole number."""
    return Column(name, Type.INTEGER, meaning, example, **more)


def number(name: str, meaning: str, example: str = "1.5") -> Column:
    """A number."""
    return Column(name, Type.NUMBER, meaning, example)


def flag(name: str, meaning: str) -> Column:
    """Yes or no."""
    return Column(name, Type.BOOLEAN, meaning, "yes")


def time(name: str, meaning: str) -> Column:
    """A moment (naive UTC)."""
    return Column(name, Type.TIMESTAMP, meaning, "2026-03-31 14:05")


def day(name: str, meaning: str, **more: Any) -> Column:
    """A local date."""
    return Column(name, Type.DATE, meaning, "2026-03-31", **more)


#: What tells customers apart: what lasts while they are one, and what changes meanwhile.
LASTING = ("segment", "value_class", "has_portal")
CHANGING = ("tenure", "products", "caller")
#: A customer, and what it was at the time.
CUSTOMER_DIMENSIONS = (
    text("customer_id", "The customer", "0010482", personal=True),
    text("segment", "Customer group at the time", "household"),
    text("value_class", "Value of the customer at the time", "high"),
    flag("has_portal", "Uses the portal"),
    text(
        "tenure",
        "new (up to 90 days after becoming a customer) or long; null for an unknown customer",
        "long",
    ),
    text("products", "Products in force that day: many (3 or more) or few", "few"),
    flag("caller", "Was in touch in the 365 days before that day"),
)
