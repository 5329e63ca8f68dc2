"""What the fact tables are called on screen."""

from __future__ import annotations

from kpi.text import N_

#: English message ids, by table.
TITLES = {
    "cases": N_("Cases"),
    "contacts": N_("Contacts"),
    "surveys": N_("Survey answers"),
    "customers": N_("Customers"),
    "identities": N_("Identities of customers"),
    "holdings": N_("Products of customers"),
    "chain_events": N_("Steps in the chain"),
    "web_events": N_("Steps on the website"),
    "staffing": N_("Staffing"),
    "totals": N_("Totals"),
    "posts": N_("Social media messages"),
    "quality_reviews": N_("Quality reviews"),
}
