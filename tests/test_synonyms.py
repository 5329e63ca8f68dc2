from kpi.schema import FACTS, TABLES
from kpi.schema.synonyms import every_header, fold, synonyms


def test_every_synonym_is_of_a_column_that_there_is():
    for table, column in synonyms():
        assert column in TABLES[table].by_name


def test_every_column_that_extracts_fill_has_a_name_elsewhere():
    known = set(synonyms())
    assert not {(table.name, column.name) for table in FACTS for column in table.columns} - known


def test_folding():
    assert fold("Datum/Tijd geopend ") == fold("datum_tijd_geöpend")
    assert fold("Ticket #") == "ticket"
    assert fold("???") == ""


def test_a_header_may_mean_several_things():
    assert fold("einddatum") in synonyms()["cases", "closed_at"].names
    assert fold("einddatum") in synonyms()["customers", "customer_until"].names
    assert {fold("einddatum"), fold("zaaknummer"), "caseid"} <= every_header()


def test_when_a_case_was_opened_and_closed_is_known_by_what_dutch_systems_call_it():
    said = {
        "opened_at": ("openingsdatum", "datum opening"),
        "closed_at": ("Sluitingsdatum", "sluitingstijd", "datum sluiting", "Afsluitdatum",
                      "einddatum zaak"),
        "due_at": ("streefdatum afhandeling",),
    }  # fmt: skip
    for column, headers in said.items():
        assert set(map(fold, headers)) <= set(synonyms()["cases", column].names)
