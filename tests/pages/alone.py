"""One page without the shell: run as the shell runs it, over the store that is attached."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

_SCRIPT = """
from pages.shared import later, places, state
from pages.shared.speech import speak
from pages.{module} import show

class Place:
    url_path = "x"

speak()
names = (
    "overview process trends split funnels avoidable reach channels customers load codes quality "
    "definitions screens alerts announcements goals actions rows case"
).split()
places.register(dict.fromkeys(names, Place()))
state.read("{module}")
later.begin()
show()
later.end()
"""


def run(module: str, **query: str | list[str]) -> AppTest:
    """The page of `pages.<module>` with this query in its URL; links go nowhere (`quiet_places`)."""
    app = AppTest.from_string(_SCRIPT.format(module=module), default_timeout=90)
    for name, value in query.items():
        app.query_params[name] = value
    return app.run()
