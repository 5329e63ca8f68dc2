"""What a page shows when something unforeseen happens: a sentence with a number for the log."""

from __future__ import annotations

import logging

import streamlit as st

from kpi import escape
from kpi.ingest.problems import Refused
from kpi.numbers import AskProblem
from kpi.store.problems import StoreProblem
from kpi.web.problems import reference, went_wrong
from kpi.web.running import NotReady

log = logging.getLogger("ketenzicht.pages")


def show(problem: Exception) -> bool:
    """Tell the visitor; True: Streamlit need not show anything itself."""
    if isinstance(problem, StoreProblem | NotReady | Refused | AskProblem):
        st.warning(escape.markdown(str(problem)))
        return True
    number = reference()
    log.error("a page ended unexpectedly (number %s)", number, exc_info=problem)
    st.warning(escape.markdown(went_wrong(number)))
    return True
