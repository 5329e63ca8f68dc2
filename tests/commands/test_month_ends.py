"""What commands keep when a month closes, and what `show` tells of it."""

import pytest

HEAD = "case_id,process,opened_at,closed_at,status"
MONTH = ("within_norm", "--since", "2024-04-01", "--until", "2024-04-30", "--by")


def file(path, closed, numbers):
    rows = [f"z{n},fault,2024-04-08 10:00,{closed} 10:00,closed" for n in numbers]
    path.write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def april(ask, tmp_path):
    """April came in two files of one delivery: half was closed in time."""
    profile = tmp_path / "month.toml"
    columns = "\n".join(f'{name} = "{name}"' for name in HEAD.split(","))
    profile.write_text(
        f'as_of = "2024-04-30T23:59"\n[[feeds]]\ntable = "cases"\n[feeds.columns]\n{columns}\n',
        encoding="utf-8",
    )
    first = file(tmp_path / "april_a.csv", "2024-04-09", range(10))
    second = file(tmp_path / "april_b.csv", "2024-04-19", range(10, 20))
    assert ask("load", first, second, "--profile", profile).code == 0


def test_a_delivery_closes_the_month_and_later_rows_stand_beside_it(ask, april, tmp_path):
    [known] = ask("show", *MONTH, "month", "--as", "json").json
    assert (known["value"], known["reported"]) == (50, 50)
    assert known["reported_as_of"] == "2024-04-30T23:59:00"
    assert ask("load", file(tmp_path / "may.csv", "2024-05-06", range(5))).code == 0
    for by in ("month", "month,process", "process,month"):
        [known] = ask("show", *MONTH, by, "--as", "json").json
        assert (known["value"], known["reported"]) == (25, 50)
    [known] = ask("show", *MONTH, "month", "--process", "fault", "--as", "json").json
    assert (known["value"], known["reported"]) == (25, 50)
    assert "reported,reported_as_of" in ask("show", *MONTH, "month", "--as", "csv").out
    table = ask("show", *MONTH, "month").out
    assert "reported" in table
    assert "50%" in table
    # Of anything else nothing was kept.
    for by in ("month,channel", "process"):
        assert "reported" not in ask("show", *MONTH, by, "--as", "json").json[0]
    assert ask("undo", 3).code == 0
    [known] = ask("show", *MONTH, "month", "--as", "json").json
    assert (known["value"], known["reported"]) == (50, 50)
    # Without the second file there is no report of April to stand beside it: it is open again.
    for number in (2, 1):
        assert ask("undo", number).code == 0
    [known] = ask("show", *MONTH, "month", "--as", "json").json
    assert known["value"] is None
    assert "reported" not in known


def test_a_dry_run_keeps_nothing(ask, tmp_path):
    path = file(tmp_path / "april.csv", "2024-04-09", range(10))
    assert ask("load", path, "--dry-run").code == 0
    [known] = ask("show", *MONTH, "month", "--as", "json").json
    assert "reported" not in known
