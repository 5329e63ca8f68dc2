import pytest

from kpi.ingest.problems import ProfileProblem
from kpi.ingest.profile_keys import parse_profile
from kpi.ingest.profile_lines import line_of
from kpi.ingest.profile_text import write_profile
from kpi.ingest.profiles import DateOrder, DurationUnit, Take

WHOLE = """\
name = "complaints from the case system"
as_of = "2026-03-31T23:59"

[read]
encoding = "cp1252"
delimiter = ";"
decimal = ","
thousands = "."
date_order = "dmy"
time_zone = "Europe/Amsterdam"
missing = ["", "n.v.t.", "-"]
sheet = "Export"
skip_rows = 0

[[feeds]]
table = "cases"
[feeds.columns]
case_id   = "Dossier"
opened_at = { from = ["Date", "Time"] }
process   = { value = "complaint" }
opened_channel = { from = "Received Via", map = { "Customer Care Call" = "phone" } }
closed_at = { from = "timestamp", take = "max", format = "%d-%m-%Y %H:%M" }
reason    = { from = "Theme", missing = ["0"] }
status    = "Status"
[feeds.only]
"Status" = ["Closed", "Open"]

[[feeds]]
table = "contacts"
[feeds.columns]
contact_id = { hash = ["Dossier", "Step", "timestamp"] }
started_at = "timestamp"
channel = { value = "phone" }
handle_s  = { from = "Duration", unit = "ms" }
reason = { from = "Tags", pattern = "segment:(\\\\w+)" }
"""


def test_everything_the_command_line_promises():
    profile = parse_profile(WHOLE)
    assert profile.read.date_order is DateOrder.DMY
    assert profile.read.missing == ("", "n.v.t.", "-")
    cases, contacts = profile.feeds
    assert cases.columns["opened_at"].sources == ("Date", "Time")
    assert cases.columns["process"].value == "complaint"
    assert cases.columns["opened_channel"].map == {"Customer Care Call": "phone"}
    assert cases.columns["closed_at"].take is Take.MAX
    assert cases.merges
    assert cases.only == {"Status": ("Closed", "Open")}
    assert contacts.columns["contact_id"].hash == ("Dossier", "Step", "timestamp")
    assert contacts.columns["handle_s"].unit is DurationUnit.MS
    assert not contacts.merges


def test_writing_gives_the_same_back():
    profile = parse_profile(WHOLE)
    assert parse_profile(write_profile(profile)) == profile
    assert parse_profile(write_profile(profile)).hash("x") == profile.hash("x")


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ('date_order = "dmy"', 'date_order = "dym"', 9, ["read.date_order", "dmy, mdy, ymd"]),
        ('unit = "ms"', 'unit = "msec"', 34, ["handle_s.unit", "s, ms, min, hms"]),
        ('take = "max"', 'take = "most"', 22, ["closed_at.take", "first, last, min, max"]),
        ('"cp1252"', '"cp12522"', 5, ["read.encoding", "cp12522"]),
        ("Europe/Amsterdam", "Europe/Amsterdan", 10, ["read.time_zone"]),
        ("opened_at =", "opend_at =", 19, ["opend_at", "opened_at"]),
        ('table = "cases"', 'table = "case"', 16, ["case", "cases"]),
        ("[read]", "[reed]", 4, ["reed", "read"]),
        ("delimiter =", "delimeter =", 6, ["delimeter", "delimiter"]),
        ('delimiter = ";"', 'delimiter = ";;"', 6, ["one character"]),
        ('thousands = "."', 'thousands = ","', 8, ["the same character"]),
        ('status    = "Status"\n', "", 17, ["cases", "status"]),
        ("handle_s  =", "segment =", 34, ["segment", "customers"]),
        ("%d-%m-%Y %H:%M", "%d-%m-%Q", 22, ["%Q"]),
        ("%d-%m-%Y %H:%M", "%H:%M", 22, ["no year"]),
        ('"segment:(\\\\w+)"', '"segment:(\\\\w+"', 35, ["regular expression"]),
        ('{ value = "complaint" }', '{ value = "a", from = "b" }', 20, ["one of from, value and hash"]),
        ('{ value = "complaint" }', "12", 20, ["source column"]),
        ("skip_rows = 0", "skip_rows = -1", 13, ["whole number"]),
        ('"2026-03-31T23:59"', '"yesterday"', 2, ["as_of", "2026-03-31T23:59"]),
        ('reason    = { from = "Theme"', 'reason = { unit = "s", from = "Theme"', 23, ["durations"]),
    ],
)  # fmt: skip
def test_what_is_wrong_gets_its_key_and_line(old, new, line, words):
    assert old in WHOLE
    with pytest.raises(ProfileProblem) as caught:
        parse_profile(WHOLE.replace(old, new, 1))
    sentence = str(caught.value)
    assert f"line {line}," in sentence
    for word in words:
        assert word in sentence


def test_no_toml():
    with pytest.raises(ProfileProblem, match="line 1"):
        parse_profile("name = complaints")


def test_no_feeds():
    with pytest.raises(ProfileProblem, match="feeds"):
        parse_profile('name = "x"')


def test_the_hash_is_of_what_it_says():
    profile = parse_profile(WHOLE)
    renamed = parse_profile(WHOLE.replace("complaints from", "grumbles from"))
    assert renamed.hash("Europe/Amsterdam") == profile.hash("Europe/Amsterdam")
    other = parse_profile(WHOLE.replace('"complaint"', '"fault"'))
    assert other.hash("Europe/Amsterdam") != profile.hash("Europe/Amsterdam")
    bare = parse_profile(WHOLE.replace('time_zone = "Europe/Amsterdam"\n', ""))
    assert bare.hash("Europe/Amsterdam") == profile.hash("Europe/Amsterdam")
    assert bare.hash("America/New_York") != profile.hash("America/New_York")


def test_lines_of_keys():
    text = 'a = 1\n[t]\nb = 2\n[[f]]\n[f.c]\nd = 3\n[[f]]\n[f.c]\n"x y" = 4\n'
    assert line_of(text, ("a",)) == 1
    assert line_of(text, ("t", "b")) == 3
    assert line_of(text, ("f", 0, "c", "d", "inner")) == 6
    assert line_of(text, ("f", 1, "c", "x y")) == 9
    assert line_of(text, ("nothing",)) is None
