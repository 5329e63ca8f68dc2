"""What the detective says of the public files, as their REFERENCE.md says it is."""

import pytest

from kpi.findings import Severity
from kpi.ingest import parse_profile
from kpi.ingest.staging import Work, stage_file
from kpi.store.scratch import scratch
from tests.real.conftest import PROFILES

ZONE = "Europe/Amsterdam"


@pytest.fixture
def found(shared_data, tmp_path):
    """`found(file, profile)`: the findings by kind, read in this process; `change` edits the profile."""

    def finds(file, profile, change=("", "")):
        path = tmp_path / "file.csv"
        path.write_bytes((shared_data / file).read_bytes())
        text = (PROFILES / f"{profile}.toml").read_text(encoding="utf-8").replace(*change)
        connection = scratch([tmp_path], threads=2)
        result = stage_file(
            Work(connection, path, tmp_path, ZONE, key=b"k" * 32), parse_profile(text)
        )
        connection.close()
        return {one.kind: one for one in result.findings}

    return finds


def test_day_and_month_swapped_in_the_source(found):
    said = found("telecom_complaints/Comcast_telecom_complaints_data.csv", "telecom_complaints")
    assert said.keys() == {"swapped_days"}
    finding = said["swapped_days"]
    assert finding.severity is Severity.WRONG
    assert finding.values["months"] == ["4", "5", "6"]
    assert finding.values["days"] == ["4", "5", "6"]
    # All that stand outside April-June: 55+59+45+49+67+55+53+38+65.
    assert finding.rows == 486
    assert finding.evidence.rows[0] == ("2015-01", 55, "4-6")


def test_two_digit_years_and_the_month_that_proves_them(found):
    said = found("nps_bank/NPStimeseries.csv", "nps_bank")
    assert said.keys() == {"short_years", "month_beside"}
    assert said["month_beside"].values["n"] == 5000
    read_wrong = found("nps_bank/NPStimeseries.csv", "nps_bank", ("%d/%m/%y", "%m/%d/%y"))
    assert read_wrong["month_beside"].severity is Severity.WRONG


def test_zero_that_was_not_asked(found):
    said = found("callcenter/Call-Center-Dataset.csv", "callcenter")
    assert "zero_not_asked" not in said
    without = found("callcenter/Call-Center-Dataset.csv", "callcenter", (', missing = ["0"]', ""))
    assert without["zero_not_asked"].severity is Severity.WRONG
    assert without["zero_not_asked"].evidence.columns


def test_an_event_log_read_as_cases(found):
    said = found("permit_receipt/receipt.csv", "permit_cases", (', take = "first"', ""))
    assert "1,434 different keys" in said["event_log"].sentence
    taken = found("permit_receipt/receipt.csv", "permit_cases")
    # Two are closed before they begin, and most starts do lie just after midnight.
    assert taken.keys() == {"ends_before_it_begins", "nights"}
    assert taken["ends_before_it_begins"].rows == 2


def test_only_the_closed_cases_of_throughput(found):
    assert found("permit_receipt/receipt.csv", "permit_throughput").keys() == {"only_closed"}
