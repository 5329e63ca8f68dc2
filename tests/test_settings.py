"""Settings: who wins, and what a wrong one is told."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from kpi import settings as module
from kpi.i18n import use
from kpi.setting_values import SettingsProblem
from kpi.settings import Caps, Settings, described, load_settings


@pytest.fixture(autouse=True)
def nothing_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No environment, and a default store in a folder of the test."""
    monkeypatch.delenv("KETENZICHT_DATABASE_URL")
    monkeypatch.delenv("KETENZICHT_THREADS")
    monkeypatch.setattr(
        module, "default_database_url", lambda: f"duckdb:///{tmp_path / 'default.duckdb'}"
    )


def test_without_a_word_there_are_defaults(tmp_path: Path) -> None:
    settings = load_settings()
    assert settings.database_path == tmp_path / "default.duckdb"
    assert (settings.time_zone, settings.language, settings.holidays_country) == (
        "Europe/Amsterdam",
        "nl",
        "NL",
    )
    assert settings.caps == Caps()
    assert datetime(2026, 7, 1, tzinfo=settings.zone).utcoffset().total_seconds() == 7200


def test_the_default_store_lies_in_the_checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    root = Path(__file__).resolve().parent.parent
    assert module.is_checkout()
    assert module.project_folder() == root
    assert module.default_database_url() == f"duckdb:///{root / 'data' / 'ketenzicht.duckdb'}"


def test_an_installed_package_uses_the_users_own_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.undo()
    monkeypatch.setattr(module, "_PACKAGE", tmp_path / "site-packages" / "kpi")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    assert not module.is_checkout()
    assert module.project_folder() == tmp_path / "site-packages" / "ketenzicht"
    assert "site-packages" not in module.default_database_url()


def test_command_line_then_environment_then_file_then_default(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "ketenzicht.toml").write_text(
        'language = "en"\ntime_zone = "UTC"\nthreads = 2\n[caps]\nmax_rows = 10\nmax_columns = 5\n'
    )
    monkeypatch.setenv("KETENZICHT_TIME_ZONE", "Europe/Berlin")
    monkeypatch.setenv("KETENZICHT_MAX_ROWS", "20")
    settings = load_settings()
    assert (settings.language, settings.time_zone, settings.threads) == ("en", "Europe/Berlin", 2)
    assert (settings.caps.max_rows, settings.caps.max_columns) == (20, 5)
    monkeypatch.setenv("KETENZICHT_DATABASE_URL", f"duckdb:///{tmp_path / 'named.duckdb'}")
    assert load_settings().database_path == tmp_path / "named.duckdb"
    given = f"duckdb:///{tmp_path / 'elsewhere' / 'given.duckdb'}"
    settings = load_settings(given)
    assert settings.database_url == given
    # The file beside another store is not ours.
    assert settings.language == "nl"


def test_a_settings_file_may_be_named_and_may_name_the_store(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "etc" / "our.toml"
    file.parent.mkdir()
    file.write_text(
        f'database_url = "duckdb:///{tmp_path}/srv/k.duckdb"\ncase_word_nl = "dossier"\n'
    )
    monkeypatch.setenv("KETENZICHT_SETTINGS", str(file))
    settings = load_settings()
    assert settings.database_path == tmp_path / "srv" / "k.duckdb"
    assert settings.case_word_nl == "dossier"


def test_a_relative_store_stays_the_same_store(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    settings = load_settings("duckdb:///my.duckdb")
    monkeypatch.chdir("/")
    assert settings.database_path == tmp_path / "my.duckdb"


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("TIME_ZONE", "Amsterdam", "KETENZICHT_TIME_ZONE is Amsterdam; it must be a time zone"),
        ("LANGUAGE", "de", "KETENZICHT_LANGUAGE is de; there is nl, en"),
        ("HOLIDAYS_COUNTRY", "Nederland", "its public holidays are not known"),
        ("MAX_ROWS", "many", "KETENZICHT_MAX_ROWS is many; it must be a whole number of 1 or more"),
        ("MAX_ROWS", "0", "1 or more"),
        ("THREADS", "-1", "0 or more"),
        ("TIMEZONE", "UTC", "no setting KETENZICHT_TIMEZONE. Did you mean KETENZICHT_TIME_ZONE"),
        ("DATABASE_URL", "k.duckdb", "must be an address like duckdb:///"),
        ("DATABASE_URL", "mysql://host/k", "asks for mysql; the store can be kept in duckdb"),
        ("DATABASE_URL", "duckdb:///:memory:", "the store must be a file"),
        ("SETTINGS", "/nowhere/our.toml", "says /nowhere/our.toml, and there is no such file"),
    ],
)
def test_a_wrong_one_in_the_environment_is_refused(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, sentence: str
) -> None:
    monkeypatch.setenv(f"KETENZICHT_{variable}", value)
    with pytest.raises(SettingsProblem) as refused:
        load_settings()
    assert sentence in str(refused.value)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("language = nl", "cannot be read"),
        ('langauge = "nl"', "has no setting langauge. Did you mean language?"),
        ("[caps]\nrows = 3", "has no setting caps.rows"),
        ("[caps]\nmax_row = 3", "Did you mean caps.max_rows?"),
        ("zzz = 3", "There is database_url, time_zone"),
        ("caps = 3", "caps must be a table"),
        ("language = 3", "it must be a text"),
        ("threads = true", "it must be a whole number"),
        ("[caps]\nmax_rows = 1.5", "it must be a whole number"),
    ],
)
def test_a_wrong_one_in_the_file_is_refused(tmp_path: Path, text: str, sentence: str) -> None:
    (tmp_path / "ketenzicht.toml").write_text(text)
    with pytest.raises(SettingsProblem) as refused:
        load_settings()
    assert sentence in str(refused.value)
    assert str(tmp_path) in str(refused.value)


def test_variables_of_others_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KETENZICHT_CHROMIUM", "/usr/bin/chromium")
    load_settings()


def test_sentences_are_there_in_dutch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KETENZICHT_LANGUAGE", "de")
    with use("nl"), pytest.raises(SettingsProblem, match="KETENZICHT_LANGUAGE is de; er is nl, en"):
        load_settings()


def test_every_setting_is_described() -> None:
    told = {name: meaning for name, _, _, meaning in described()}
    assert all(told.values())
    own = {name for name in Settings.__dataclass_fields__ if name != "caps"}
    assert set(told) == own | {f"caps.{name}" for name in Caps.__dataclass_fields__}


def test_channels_come_from_file_and_environment_and_are_never_shown(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "ketenzicht.toml").write_text(
        'base_url = "https://kz.example.org/"\n[channels]\nteam = "mailto://a:geheim@example.org"\n'
    )
    monkeypatch.setenv("KETENZICHT_SETTINGS", str(tmp_path / "ketenzicht.toml"))
    monkeypatch.setenv("KETENZICHT_CHANNEL_PLANNING", "json://localhost/geheim")
    settings = load_settings()
    assert settings.channels == {
        "team": "mailto://a:geheim@example.org",
        "planning": "json://localhost/geheim",
    }
    assert settings.base_url == "https://kz.example.org"
    assert "geheim" not in repr(settings)


def test_a_wrong_channel_or_address_is_refused_without_its_secret(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "ketenzicht.toml").write_text('[channels]\nteam = ["geheim"]\n')
    monkeypatch.setenv("KETENZICHT_SETTINGS", str(tmp_path / "ketenzicht.toml"))
    with pytest.raises(SettingsProblem, match="channels must be a table") as refused:
        load_settings()
    assert "geheim" not in str(refused.value)
    (tmp_path / "ketenzicht.toml").write_text("")
    monkeypatch.setenv("KETENZICHT_BASE_URL", "javascript:alert(1)")
    with pytest.raises(SettingsProblem, match="must be an address like https"):
        load_settings()
