"""A page as somebody writes it by hand: one query, four numbers, a line chart, five bars, one filter.

It shows what our Trends shows of avoidable contacts, over the same rows, with nothing beside it: no
definition, no interval, no comparison that knows of an unfinished week. `python -m bench pages` holds
ours against it.
"""

from __future__ import annotations

import os

import duckdb
import pandas as pd
import plotly.express as px
import streamlit as st

SINCE, UNTIL = os.environ["PLAIN_SINCE"], os.environ["PLAIN_UNTIL"]
CHANNELS = os.environ["PLAIN_CHANNELS"].split()
QUERY = """
    SELECT c.process, d.week, c.reason,
        count(*) FILTER (c.category = 'unnecessary') AS unnecessary,
        count(c.category) AS categorised,
        count(*) AS contacts
    FROM prepared_contacts c JOIN days d ON d.day = c.started_day
    WHERE c.inbound AND c.answered AND c.started_day BETWEEN CAST(? AS DATE) AND CAST(? AS DATE)
        AND (? = '' OR c.channel = ?)
    GROUP BY ALL
"""


@st.cache_resource
def database() -> duckdb.DuckDBPyConnection:
    """The same file that our own server has open in its turn."""
    return duckdb.connect(os.environ["PLAIN_STORE"], read_only=True)


@st.cache_data
def asked(channel: str) -> pd.DataFrame:
    """The one query."""
    return database().cursor().execute(QUERY, [SINCE, UNTIL, channel, channel]).df()


st.set_page_config(layout="wide")
st.title("Avoidable contacts")
rows = asked(st.selectbox("Channel", ["", *CHANNELS]))
sums = rows[["unnecessary", "categorised", "contacts"]].sum()
shown = st.columns(4)
shown[0].metric(
    "Avoidable", f"{100 * sums.unnecessary / sums.categorised:.1f}".replace(".", ",") + " %"
)
shown[1].metric("n", f"{sums.categorised:,}".replace(",", "."))
shown[2].metric("Contacts", f"{sums.contacts:,}".replace(",", "."))
shown[3].metric("With a category", f"{100 * sums.categorised / sums.contacts:.0f} %")
weeks = rows.groupby(["process", "week"], as_index=False)[["unnecessary", "categorised"]].sum()
weeks["share"] = 100 * weeks.unnecessary / weeks.categorised
st.plotly_chart(px.line(weeks, x="week", y="share", color="process"))
most = rows.groupby("reason", as_index=False).unnecessary.sum().nlargest(5, "unnecessary")
st.plotly_chart(px.bar(most, x="unnecessary", y="reason"))
