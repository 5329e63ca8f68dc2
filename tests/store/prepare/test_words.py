"""What a value from a source is understood to be, and from which day on."""

from datetime import date
from itertools import pairwise

import pytest

from kpi.sql import BEGINNING, END
from kpi.store.prepare.words import Meaning, meanings

SINCE, LATER = date(2026, 1, 1), date(2026, 6, 1)


def version(since=SINCE, **row):
    return {"valid_from": since, "retired": False, "title_nl": None, "title_en": None, **row}


def code(as_came, understood=None, since=SINCE, **row):
    kept = {"dictionary": "process", "ignored": None, **row}
    return version(since, as_came=as_came, understood=understood, **kept)


def words(configured, codes=(), dictionary="process"):
    """Word → what it means last; the spans of a word must not overlap."""
    found = {}
    for meaning in meanings(dictionary, configured, [[code] for code in codes]):
        assert meaning.valid_from < meaning.valid_until
        found.setdefault(meaning.word, []).append(meaning)
    for spans in found.values():
        for one, other in pairwise(spans):
            assert one.valid_until <= other.valid_from
    return {word: spans[-1].understood for word, spans in found.items()}


FAULT = [version(process="fault", title_nl="Storingen", title_en="Faults and outages")]


def test_id_and_both_titles():
    assert words([FAULT]) == dict.fromkeys(["fault", "storingen", "faults and outages"], "fault")


def test_a_code_decides_over_an_id():
    other = [version(process="request")]
    found = words([FAULT, other], [code("fault", "request"), code("melding", "fault")])
    assert found["fault"] == "request"
    assert found["melding"] == "fault"


def test_a_code_may_name_a_title():
    assert words([FAULT], [code("melding", " Storingen ")])["melding"] == "fault"


def test_a_code_for_something_that_is_not_configured():
    assert words([FAULT], [code("melding", "Elders")])["melding"] == "Elders"


@pytest.mark.parametrize("ignored", [{"ignored": True}, {"understood": ""}, {"understood": None}])
def test_ignored_on_purpose(ignored):
    row = {**code("fault", "request"), **ignored}
    assert "fault" not in words([FAULT], [row])


def test_an_id_decides_over_a_title_of_another():
    other = [version(process="outage", title_nl="fault")]
    assert words([FAULT, other])["fault"] == "fault"


def test_of_two_with_one_title_the_first_in_the_alphabet():
    one, other = (
        [version(process="b", title_nl="Overig")],
        [version(process="a", title_nl="Overig")],
    )
    assert words([one, other])["overig"] == words([other, one])["overig"] == "a"


def test_meaning_changes_on_a_day():
    history = [version(process="fault", title_nl="Storing"), version(LATER, process="fault")]
    found = list(meanings("process", [history], []))
    assert Meaning("process", "fault", SINCE, END, "fault") in found
    assert Meaning("process", "storing", SINCE, LATER, "fault") in found
    assert len(found) == 2


def test_retired():
    history = [version(process="fault"), version(LATER, process="fault", retired=True)]
    assert list(meanings("process", [history], [])) == [
        Meaning("process", "fault", SINCE, LATER, "fault")
    ]


def test_status_words_of_all_times():
    found = list(meanings("status", [], []))
    assert Meaning("status", "gereed", BEGINNING, END, "closed") in found
    assert Meaning("status", "on hold", BEGINNING, END, "waiting") in found


def test_a_code_may_understand_a_status_otherwise():
    found = words([], [code("gereed", "waiting"), code("klaar", "closed")], dictionary="status")
    assert (found["gereed"], found["klaar"]) == ("waiting", "closed")


def test_sharp_s_is_found_in_either_form():
    strasse = [version(process="strasse", title_nl="Straße")]
    assert {"straße", "strasse"} <= words([strasse]).keys()
