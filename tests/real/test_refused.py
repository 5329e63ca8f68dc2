"""Real files that must not be loaded as they are, and what they are told."""

from kpi.ingest import load, propose
from kpi.store import open_store
from tests.real.conftest import settings_in


def test_customers_without_any_date(shared_data, tmp_path):
    with open_store(settings_in(tmp_path)) as store:
        outcome = load(store, shared_data / "telco_churn" / "telco-customer-churn-by-IBM.csv")
        assert outcome.exit_code == 2
        assert "customer_since" in outcome.refused
        assert outcome.proposal.table is None
        assert outcome.proposal.rows == 7043
        assert not store.imports()


def test_two_digit_years_are_a_doubt(shared_data, tmp_path):
    proposal = propose(
        shared_data / "nps_bank" / "NPStimeseries.csv", settings_in(tmp_path), "surveys"
    )
    assert proposal.table == "surveys"
    assert any("two digits" in doubt for doubt in proposal.doubts)


def test_what_the_file_does_not_say_is_asked(shared_data, tmp_path):
    with open_store(settings_in(tmp_path)) as store:
        outcome = load(store, shared_data / "callcenter" / "Call-Center-Dataset.csv")
        assert outcome.exit_code == 2
        assert "channel" in outcome.refused
        assert outcome.proposal.table == "contacts"
        assert outcome.proposal.profile.feeds[0].columns["started_at"].sources == ("Date", "Time")
