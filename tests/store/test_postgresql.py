"""The store on a PostgreSQL server: one owner, the same rules, and a sentence for what is wrong."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa
from hypothesis import settings as hypothesis_settings
from hypothesis.stateful import run_state_machine_as_test

from kpi.commands import COMMANDS
from kpi.settings import Settings, load_settings
from kpi.sql import folded, text_or_null
from kpi.store import Busy, Store, StoreProblem, open_store
from kpi.store import store as store_module
from kpi.store.endpoint import reach, run
from kpi.store.listener import Listener
from kpi.store.problems import Stopped
from kpi.tables import table
from tests.conftest import need
from tests.store.loading import case, manifest, post, staged_feed, staged_quarantine
from tests.store.prepare.server import installed, server
from tests.store.test_history import History
from tests.store.test_opening import HOLDER, ROOT

pytestmark = pytest.mark.timeout(300)


def database(engine: sa.Engine, name: str) -> str:
    """Address of a new database on the server of `engine`.

    Where the server can it is one of a Dutch installation, in which É comes between e and f: what
    we keep must not hang on that.
    """
    with engine.connect() as plain:
        connection = plain.execution_options(isolation_level="AUTOCOMMIT")
        dutch = ""
        if (connection.dialect.server_version_info or ()) >= (15,):
            dutch = " LOCALE_PROVIDER icu ICU_LOCALE 'nl'"
        connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE template0{dutch}")
    return engine.url.set(database=name).render_as_string(hide_password=False)


@pytest.fixture(scope="module")
def cluster() -> Iterator[sa.Engine]:
    """A server with a database that holds a new store, to copy."""
    if not installed():
        need("PostgreSQL is not installed here.")
    with server() as engine, pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(Path(str(engine.url.query["host"])) / "home"))
        open_store(load_settings(database(engine, "template_store"))).close()
        yield engine


@pytest.fixture
def settings(
    cluster: sa.Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Settings]:
    """Settings of a store that was made but is not open."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    name = f"k{uuid4().hex[:12]}"
    execute(cluster, f"CREATE DATABASE {name} TEMPLATE template_store")
    yield load_settings(cluster.url.set(database=name).render_as_string(hide_password=False))
    execute(cluster, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    with open_store(settings) as opened:
        yield opened


def execute(engine: sa.Engine, statement: str) -> None:
    with engine.connect() as plain:
        plain.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql(statement)


# --- rows ---------------------------------------------------------------------------------------


def test_every_kind_of_value_arrives_as_it_was(store: Store) -> None:
    rows = [
        post("1", text='a "quote"; a\nline, and , \\N \\.', source="", sentiment=None),
        post("2", text="", source=None),
        post("\\.", datetime(2026, 3, 1), text="é ß \N{OGHAM SPACE MARK} \N{PILE OF POO}"),
        post("4", datetime(2026, 3, 29, 1, 30, 15, 250_001)),
    ]
    columns = ["post_id", "posted_at", "text", "source", "sentiment"]
    feed = staged_feed(store.staging, "posts", rows, columns)
    report = store.import_staged(manifest(feed), "who")
    assert report.counts.accepted == 4
    held = store.rows(sa.select(*(table("posts").c[name] for name in columns)))
    expected = [{name: row.get(name) for name in columns} for row in rows]
    assert sorted(held, key=str) == sorted(expected, key=str)
    # The same again, under another name: nothing is new and nothing changed.
    again = store.import_staged(manifest(feed), "who")
    assert (again.counts.accepted, again.counts.updated, again.counts.unchanged) == (0, 0, 4)


def test_numbers_days_and_truth_arrive_as_they_were(store: Store) -> None:
    rows = [
        {"date": date(2026, 3, 1), "process": "", "staffed_hours": 0.1 + 0.2},
        {"date": date(2025, 12, 31), "process": "a", "staffed_hours": 1e-300},
    ]
    store.import_staged(manifest(staged_feed(store.staging, "staffing", rows)), "who")
    staffing = table("staffing")
    held = store.rows(
        sa.select(*(staffing.c[name] for name in rows[0])).order_by(staffing.c.date.desc())
    )
    assert held == rows


def test_a_character_that_postgresql_cannot_keep_is_replaced(store: Store) -> None:
    feed = staged_feed(store.staging, "posts", [post("1", text="a\0b")])
    store.import_staged(manifest(feed), "who")
    assert store.rows(sa.select(table("posts").c.text)) == [{"text": "a\N{REPLACEMENT CHARACTER}b"}]
    with pytest.raises(StoreProblem, match="cannot be looked for"):
        store.rows(sa.select(table("posts")).where(table("posts").c.text == "\0"))


def test_rows_that_were_set_aside_are_kept(store: Store) -> None:
    problem = {"feed": 0, "row_number": 7, "position": 0, "reason": "no date", "raw": "x;;"}
    feed = staged_feed(store.staging, "cases", [case("1")], quarantined=1)
    aside = staged_quarantine(store.staging, [problem])
    report = store.import_staged(manifest(feed, quarantine=aside), "who")
    [kept] = store.quarantined(report.import_id)
    assert {name: kept[name] for name in problem} == problem


def test_what_fails_half_way_leaves_nothing(store: Store) -> None:
    version = store.data_version
    twice = staged_feed(store.staging, "cases", [case("1"), case("1")])
    with pytest.raises(ValueError, match="staged twice"):
        store.import_staged(manifest(twice), "who")
    assert store.rows(sa.select(table("cases"))) == []
    assert store.imports() == []
    assert store.data_version == version
    # Nor does it stand in the way of the next.
    store.import_staged(manifest(staged_feed(store.staging, "cases", [case("1")])), "who")


def test_a_stop_is_heard_in_the_middle_of_a_statement(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop = threading.Event()

    def endless(connection: sa.Connection, *_more: object) -> None:
        stop.set()
        connection.exec_driver_sql("SELECT pg_sleep(100000)")

    feed = staged_feed(store.staging, "cases", [case("1")])
    with monkeypatch.context() as patched:
        patched.setattr(store_module, "prepare", endless)
        with pytest.raises(Stopped):
            store.import_staged(manifest(feed), "who", cancel=stop.is_set)
    assert store.rows(sa.select(table("cases"))) == []
    assert store.imports() == []
    store.import_staged(manifest(feed), "who", cancel=lambda: False)


def test_text_compares_by_its_characters_whatever_the_server_speaks(store: Store) -> None:
    names = ["a-c", "ab", "A", "É", "e", "f", "a b"]
    rows = [post(name) for name in names]
    store.import_staged(manifest(staged_feed(store.staging, "posts", rows)), "who")
    posts = table("posts")
    ordered = store.rows(sa.select(posts.c.post_id).order_by(posts.c.post_id))
    assert [row["post_id"] for row in ordered] == sorted(names)
    [least] = store.rows(sa.select(sa.func.max(posts.c.post_id).label("last")))
    assert least["last"] == max(names)


@pytest.mark.parametrize(
    "text", [" \N{NO-BREAK SPACE}Élan ", "\N{NO-BREAK SPACE}", " \t", "ÄÖÜ-ẞ", "", "x\N{EN QUAD}"]
)
def test_texts_are_looked_up_alike(store: Store, tmp_path: Path, text: str) -> None:
    said = sa.literal(text, sa.Text())
    select = sa.select(folded(said).label("folded"), text_or_null(said).label("kept"))
    with sa.create_engine(f"duckdb:///{tmp_path / 'd'}", poolclass=sa.NullPool).connect() as there:
        expected = dict(there.execute(select).mappings().one())
    assert store.rows(select) == [expected]


def test_every_text_column_is_compared_so(store: Store) -> None:
    found = store.rows(
        sa.text(
            "SELECT count(*) AS n, count(*) FILTER (WHERE collation_name = 'C') AS c"
            " FROM information_schema.columns"
            " WHERE table_schema = 'public' AND data_type = 'text'"
        )  # type: ignore[arg-type]
    )
    assert found[0]["n"] == found[0]["c"] > 100


@pytest.mark.slow
def test_any_history_ends_as_if_what_was_taken_back_had_never_been(store: Store) -> None:
    class OnPostgreSQL(History):
        pass

    OnPostgreSQL.store = store
    run_state_machine_as_test(
        OnPostgreSQL,
        settings=hypothesis_settings(
            max_examples=max(hypothesis_settings().max_examples // 10, 10), stateful_step_count=10
        ),
    )


# --- one owner ----------------------------------------------------------------------------------


def test_opened_again_it_is_the_same_store(settings: Settings) -> None:
    with open_store(settings) as store:
        store.import_staged(manifest(staged_feed(store.staging, "posts", [post("1")])), "who")
        version = store.data_version
    with open_store(settings) as store:
        assert store.data_version == version
        assert len(store.imports()) == 1


def test_a_second_opening_here_is_told_to_wait(store: Store) -> None:
    with pytest.raises(Busy, match="Another command is using the store postgresql"):
        open_store(store.settings, wait=0.1)


def test_one_from_another_machine_gets_a_sentence(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Another user's data folder: the lock there is free, the database is not.
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "elsewhere"))
    with pytest.raises(StoreProblem, match=r"Another program has .* open") as refused:
        open_store(store.settings)
    assert not isinstance(refused.value, Busy)
    store.close()
    open_store(store.settings).close()


def test_a_killed_owner_leaves_no_obstacle(settings: Settings) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, settings.database_url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"open\n"
        with pytest.raises(Busy):
            open_store(settings, wait=0.1)
        holder.kill()
        holder.wait(20)
    open_store(settings, wait=20).close()


def test_commands_go_to_whoever_has_it_open(store: Store) -> None:
    with Listener(store, COMMANDS):
        client = reach(store.settings)
        assert client is not None
        client.close()
        said: list[str] = []
        code = run(store.settings, COMMANDS, "imports", {}, said.append, said.append)
    assert code == 0
    assert reach(store.settings) is None


def test_a_lost_connection_is_taken_up_again(store: Store, cluster: sa.Engine) -> None:
    drop_connections(store, cluster)
    assert store.properties()
    drop_connections(store, cluster)
    store.set_property("kind", "demo")
    assert store.properties()["kind"] == "demo"


def test_what_somebody_else_wrote_meanwhile_is_not_written_over(
    store: Store, cluster: sa.Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop_connections(store, cluster)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "elsewhere"))
    with open_store(store.settings) as other:
        other.set_property("kind", "demo")
        with pytest.raises(StoreProblem, match="Another program has"):
            store.set_property("kind", "real")
    with pytest.raises(StoreProblem, match="while the connection was lost"):
        store.set_property("kind", "real")
    assert store.properties()["kind"] == "demo"


def drop_connections(store: Store, cluster: sa.Engine) -> None:
    execute(
        cluster,
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
        f" WHERE datname = '{store.settings.url.database}'",
    )


# --- what a newcomer does wrong -----------------------------------------------------------------


@pytest.fixture(scope="module")
def strict(cluster: sa.Engine) -> sa.URL:
    """The address of user `lid`, who needs a password and owns nothing."""
    execute(cluster, "CREATE ROLE lid LOGIN PASSWORD 'geheim'")
    execute(cluster, "CREATE DATABASE bare TEMPLATE template0")
    rules = Path(str(cluster.url.query["host"])) / "data" / "pg_hba.conf"
    rules.write_text("local all lid scram-sha-256\n" + rules.read_text())
    execute(cluster, "SELECT pg_reload_conf()")
    bare = cluster.url.set(database="bare")
    with sa.create_engine(bare, poolclass=sa.NullPool).begin() as connection:
        connection.exec_driver_sql("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    return bare.set(username="lid", password="geheim")


def told(url: sa.URL | str) -> str:
    """The one sentence that the command line says of a store there."""
    address = url if isinstance(url, str) else url.render_as_string(hide_password=False)
    ended = subprocess.run(
        [sys.executable, "-m", "kpi", "--database", address, "imports"],
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "KETENZICHT_LANGUAGE": "en"},
        cwd=ROOT,
    )
    assert ended.returncode == 2, ended
    assert ended.stdout == ""
    assert "Traceback" not in ended.stderr
    assert "geheim" not in ended.stderr.replace(":***@", "")
    [sentence] = ended.stderr.splitlines()
    return sentence


@pytest.fixture(autouse=True)
def _own_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))


def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    said = told("postgresql://lid:geheim@127.0.0.1:1/ketenzicht")
    assert said.startswith("The database server 127.0.0.1:1 cannot be reached: ")
    assert said.endswith("Is it running, and are host and port right?")
    assert "cannot be reached" in told("postgresql://no-such-host.invalid/ketenzicht")
    assert "cannot be reached" in told(f"postgresql:///ketenzicht?host={tmp_path}")


def test_a_wrong_password(strict: sa.URL) -> None:
    for wrong in (strict.set(password="geheim2"), strict._replace(password=None)):
        assert "refuses user lid: the password is wrong or missing" in told(wrong)


def test_a_user_that_is_not_known(strict: sa.URL) -> None:
    assert "knows no user nobody" in told(strict.set(username="nobody"))


def test_a_database_that_is_not_there(strict: sa.URL) -> None:
    said = told(strict.set(database="ketenzicht"))
    assert said.startswith("There is no database ketenzicht on ")
    assert said.endswith("Make it there with: createdb ketenzicht")


def test_no_right_to_make_tables(strict: sa.URL) -> None:
    said = told(strict)
    assert said.startswith(
        "User lid may not make or use tables in database bare: permission denied"
    )
    assert said.endswith("GRANT ALL ON SCHEMA public TO lid")


def test_a_database_of_something_else(cluster: sa.Engine) -> None:
    with sa.create_engine(database(cluster, "other"), poolclass=sa.NullPool).begin() as connection:
        connection.exec_driver_sql("CREATE TABLE theirs (a INT)")
    assert "holds something else than a store" in told(cluster.url.set(database="other"))


def test_a_database_that_cannot_hold_every_character(cluster: sa.Engine) -> None:
    execute(cluster, "CREATE DATABASE old TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'")
    assert "is kept in LATIN1" in told(cluster.url.set(database="old"))


def test_a_database_that_can_only_be_read(cluster: sa.Engine) -> None:
    execute(cluster, "CREATE DATABASE standby TEMPLATE template0")
    execute(cluster, "ALTER DATABASE standby SET default_transaction_read_only = on")
    assert "can only be read" in told(cluster.url.set(database="standby"))


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("postgresql://lid:geheim@host", "must name a database too"),
        ("postgresql://lid:geheim@host:port/k", "must be an address like"),
        ("postgresql://lid:geheim", "must be an address like"),
        ("mysql://lid:geheim@host/k", "can be kept in duckdb, postgresql"),
    ],
)
def test_an_address_that_is_none(address: str, sentence: str) -> None:
    assert sentence in told(address)


def test_the_driver_need_not_be_named(cluster: sa.Engine) -> None:
    for name in ("postgresql", "postgres", "postgresql+psycopg2"):
        url = f"{name}://lid:ge%40heim@host/k"
        assert load_settings(url).database_url == "postgresql+psycopg://lid:ge%40heim@host/k"


def test_what_lies_beside_it_is_named_after_the_database() -> None:
    def beside(address: str) -> Path:
        return load_settings(address).beside

    one = beside("postgresql://a:secret@host/k")
    assert one == beside("postgresql+psycopg://b@host/k")
    assert "secret" not in str(one)
    others = {beside(f"postgresql://a@{place}") for place in ("host:5433/k", "host/l", "other/k")}
    assert len({one, *others}) == 4
    assert beside("postgresql://host/..%2f..%2fetc").parent == one.parent


def test_a_reader_sees_one_state(store: Store) -> None:
    """What is read in several statements belongs together, also while somebody writes."""
    posts = table("posts")
    with store._engine.sql.connect() as reading:
        count = sa.select(sa.func.count()).select_from(posts)
        assert reading.execute(count).scalar_one() == 0
        store.import_staged(manifest(staged_feed(store.staging, "posts", [post("1")])), "who")
        assert reading.execute(count).scalar_one() == 0


def test_an_answer_in_batches_is_as_one(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where only a later batch has gaps the whole has them in the way of its type."""
    rows = sa.values(
        sa.column("n", sa.BigInteger), sa.column("truth", sa.Boolean), sa.column("at", sa.Date),
        sa.column("text", sa.Text), name="rows",
    ).data(
        [(n, n % 2 == 0, date(2026, 3, n), str(n)) for n in range(1, 6)] + [(6, None, None, None)]
        + [(None, True, None, "7")]
    )  # fmt: skip
    query = sa.select(rows).order_by(rows.c.n)
    whole = store.columns(query)
    monkeypatch.setattr("kpi.store.engines.postgresql.BATCH", 2)
    found = store.columns(query)
    assert whole.keys() == found.keys()
    for name, values in whole.items():
        assert found[name].dtype == values.dtype, name
        assert found[name].astype(str).tolist() == values.astype(str).tolist()
    assert store.columns(query.where(rows.c.n > 9))["n"].tolist() == []
