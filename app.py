"""The application: Streamlit's pages, our own routes, and the guard before both.

`streamlit run app.py` and `ketenzicht serve` start it. It opens the store once, for as long as it
runs, and answers the commands of other processes while it has it.
"""

import asyncio
import gc
import importlib
import logging
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from streamlit.file_util import get_static_dir

from kpi.commands import COMMANDS
from kpi.i18n import use
from kpi.setting_values import SettingsProblem
from kpi.settings import load_settings
from kpi.store import open_store
from kpi.store.listener import Listener
from kpi.store.problems import StoreProblem
from kpi.web import running
from kpi.web.background import Background
from kpi.web.guard import Guard
from kpi.web.problems import handlers
from kpi.web.routes import routes
from kpi.web.scripts import inline_hashes
from kpi.web.tasks import TASKS
from pages.shared import problems

log = logging.getLogger("ketenzicht")

try:
    SETTINGS = load_settings()
except SettingsProblem as problem:
    print(problem, file=sys.stderr)
    raise SystemExit(2) from None


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Hold the store open, and listen for commands, while the application runs."""
    with use(SETTINGS.language):
        try:
            store = await asyncio.to_thread(open_store, SETTINGS)
        except StoreProblem as problem:
            # Serve the sentence: a page that says what is wrong, rather than no page.
            log.warning("%s", problem)
            running.attach(None, str(problem))
            yield
            return
    running.attach(store)
    await asyncio.to_thread(_ready)
    try:
        with Listener(store, COMMANDS), Background(store, TASKS):
            yield
    finally:
        running.attach(None)
        await asyncio.to_thread(store.close)


def _ready() -> None:
    """Have every page and what draws its figures in memory, and keep it out of the collector's way.

    The first visitor does not wait for it; and whenever Python looks for what is no longer used it
    need not walk through all parts of the program, which stops every page for a tenth of a second.
    """
    for name in ("pages.shell", "plotly.graph_objects"):
        importlib.import_module(name)
    gc.collect()
    gc.freeze()


# While one page computes, others are sent: whoever sends takes its turn a dozen times for one page,
# and would wait for each turn as long as Python lets a thread go on by itself (5 ms).
sys.setswitchinterval(0.0005)

app = st.App(
    Path(__file__).resolve().parent / "pages" / "shell.py",
    routes=routes(),
    middleware=[
        Middleware(
            Guard,
            scripts=inline_hashes(Path(get_static_dir()) / "index.html"),
            pairing=SETTINGS.pair_screens == "yes",
        )
    ],
    lifespan=lifespan,
    on_script_error=problems.show,
    exception_handlers=handlers(),
)
