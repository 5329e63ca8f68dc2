"""The web server's settings: each one exists, and each safety setting stands as it must."""

import tomllib
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from streamlit import config

ROOT = Path(__file__).resolve().parent.parent
SETTINGS: dict[str, Any] = tomllib.loads(
    (ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8")
)


def flat(table: dict[str, Any], path: str = "") -> dict[str, Any]:
    """Settings by their dotted names, as Streamlit calls them."""
    found: dict[str, Any] = {}
    for key, value in table.items():
        if isinstance(value, dict):
            found |= flat(value, f"{path}{key}.")
        else:
            found[f"{path}{key}"] = value
    return found


@pytest.mark.parametrize("name", flat(SETTINGS))
def test_streamlit_knows_the_setting(name):
    assert name in config._config_options_template, "a misspelt setting does nothing, silently"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("client.showErrorDetails", "none"),  # a traceback tells a stranger how we are built
        ("client.showErrorLinks", False),  # no link that sends an error text elsewhere
        ("client.toolbarMode", "minimal"),
        ("client.disableDataExport", True),  # its cells are not neutralised for spreadsheets
        (
            "client.allowedOrigins",
            [],
        ),  # no page around ours stops it, runs it, or tells it who one is
        ("browser.gatherUsageStats", False),  # nothing leaves the building
        ("server.enableStaticServing", False),
        ("server.enableAgentApi", False),  # a second way in, past the guard
        ("server.enableXsrfProtection", True),
        ("server.enableCORS", True),  # here "true" is the protection
        ("server.address", "127.0.0.1"),  # other addresses only with sign-in
        ("server.headless", True),
        ("server.fileWatcherType", "none"),  # runs day and night: no reloading by itself
        ("server.runOnSave", False),
    ],
)
def test_safety_setting(name, value):
    assert flat(SETTINGS).get(name) == value


def test_upload_is_bounded():
    assert 25 <= SETTINGS["server"]["maxUploadSize"] <= 50


def test_no_address_in_the_look():
    assert not [value for value in flat(SETTINGS).values() if "//" in str(value)]


def luminance(colour: str) -> float:
    """Relative luminance of "#RRGGBB", after WCAG 2.2."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, after WCAG 2.2: 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


TEXTS = (
    "textColor",
    "linkColor",
    "greenTextColor",
    "orangeTextColor",
    "redTextColor",
    "grayTextColor",
)


@pytest.mark.parametrize(("theme", "text"), list(product(("light", "dark"), TEXTS)))
def test_text_can_be_read(theme, text):
    colours = SETTINGS["theme"][theme]
    for ground in ("backgroundColor", "secondaryBackgroundColor"):
        assert contrast(colours[text], colours[ground]) >= 4.5
        assert contrast(colours[text], colours["sidebar"][ground]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_button_can_be_read_and_seen(theme):
    colours = SETTINGS["theme"][theme]
    assert contrast("#FFFFFF", colours["primaryColor"]) >= 4.5
    for ground in ("backgroundColor", "secondaryBackgroundColor"):
        assert contrast(colours["primaryColor"], colours[ground]) >= 3
        assert contrast(colours["primaryColor"], colours["sidebar"][ground]) >= 3
