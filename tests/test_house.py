"""The rules of the house, read from the code itself: who imports what, and what never appears.

docs/decisions.md says why. A rule that turns out wrong is changed there and here,
never worked around.
"""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from tools.files import project_files

ROOT = Path(__file__).resolve().parent.parent

# The parts of kpi, from the ground up: a part may import its own layer and those below it.
LAYERS: tuple[tuple[str, ...], ...] = (
    # words and values, knowing nothing of KPIs
    (
        "text",
        "i18n",
        "dates",
        "numerals",
        "zones",
        "suggest",
        "escape",
        "setting_values",
        "settings",
        "paths",
        "errors",
    ),
    # what there is: tables, the words of a KPI, time, what is asked and who may see it
    (
        "schema",
        "model",
        "formats",
        "differences",
        "filters",
        "periods",
        "calendar",
        "access",
        "privacy",
        "findings",
        "staged",
        "tables",
        "sql",
        "examples",
    ),
    # every KPI, declared
    ("measures",),
    # from a question to SQL, from sums to numbers, from numbers to what is shown
    ("student", "tally", "query", "results", "stats", "charts", "bulletin"),
    # the database, and what fills it
    ("store", "ingest", "demo"),
    # what answers a question whole, and what acts by itself
    ("numbers", "news", "meeting", "templates", "alerts", "unattended"),
    # the ways in
    ("web", "commands", "cli", "__main__"),
    # what describes all of it
    (
        "docs",
        "docs_kpis",
    ),
)
LEVEL = {part: level for level, parts in enumerate(LAYERS) for part in parts}

# (who, what they never import, why)
FORBIDDEN: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("kpi", ("streamlit", "pages", "app"), "the numbers know nothing of the screen"),
    ("pages", ("sqlalchemy", "duckdb", "plotly"), "a page asks, loads and shows"),
    ("kpi.charts", ("sqlalchemy", "duckdb", "kpi.store"), "a figure is made of results"),
    ("kpi.bulletin", ("sqlalchemy", "duckdb", "kpi.store"), "a bulletin is made of results"),
    ("kpi.measures", ("duckdb", "pandas", "plotly"), "a KPI is a declaration"),
    ("kpi.query", ("duckdb", "duckdb_sqlalchemy"), "a query is built here and executed elsewhere"),
)
# Calls that open a database. Everybody else gets a connection from kpi.store.
OPENING = {"create_engine", "create_async_engine", "duckdb.connect", "psycopg.connect"}

LONGEST_MODULE = 400
LONGEST_TEST = 600
# Longer ones, each with the length it must not pass. Only ever shorten this list.
LONGER: dict[str, int] = {}


#: The one place that draws a figure: with its words, its table, its files and an alert to make of it.
DRAWS = "pages/shared/page.py"

FILES = tuple(project_files())


def texts() -> Iterator[tuple[str, str]]:
    """Name and text of every file that is text."""
    for file in FILES:
        try:
            yield file.relative_to(ROOT).as_posix(), file.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def sources(*tops: str) -> list[Path]:
    """The Python files under the named folders (or the named files themselves)."""
    return [
        file for file in FILES if file.suffix == ".py" and file.relative_to(ROOT).parts[0] in tops
    ]


def dotted(file: Path) -> str:
    """The module's name: kpi/store/engine.py is kpi.store.engine."""
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"), filename=str(file))


@cache
def imports(file: Path) -> tuple[str, ...]:
    """Everything the file imports, also inside functions; `from a import b` gives a and a.b."""
    module = dotted(file)
    package = module if file.name == "__init__.py" else module.rpartition(".")[0]
    found: list[str] = []
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, base] if base else above)
            found.append(base)
            found += [f"{base}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Call) and name_of(node.func).endswith("import_module"):
            found += [a.value for a in node.args[:1] if isinstance(a, ast.Constant)]
    return tuple(found)


def name_of(node: ast.expr) -> str:
    """`a.b` of an expression a.b; empty for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{name_of(node.value)}.{node.attr}".lstrip(".")
    return ""


def within(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


def part_of(module: str) -> str | None:
    """The part of kpi a module belongs to: kpi.store.engine is in store."""
    pieces = module.split(".")
    return pieces[1] if pieces[0] == "kpi" and len(pieces) > 1 else None


@pytest.mark.parametrize(("who", "what", "why"), FORBIDDEN, ids=[rule[0] for rule in FORBIDDEN])
def test_nobody_imports_what_is_not_theirs(who, what, why):
    broken = [
        f"{dotted(file)} imports {name}: {why}"
        for file in sources(who.split(".")[0])
        if within(dotted(file), who)
        for name in imports(file)
        if any(within(name, forbidden) for forbidden in what)
    ]
    assert not broken


def test_every_part_has_its_place():
    parts = {part_of(dotted(file)) for file in sources("kpi")} - {None}
    assert not parts - set(LEVEL), "give each of these a layer in LAYERS"


def test_parts_import_only_what_lies_below():
    names = {dotted(file) for file in sources("kpi")}
    broken = []
    for file in sources("kpi"):
        own = part_of(dotted(file))
        if own is None:
            continue
        for name in imports(file):
            other = part_of(name)
            # `from kpi import __version__` names no part.
            if other is None or (other not in LEVEL and f"kpi.{other}" not in names):
                continue
            if LEVEL.get(other, -1) > LEVEL.get(own, 99):
                broken.append(f"{dotted(file)} imports {name}")
    assert not broken, "imports point down: see LAYERS"


def test_the_package_itself_imports_nothing():
    # `import kpi` must cost nothing, and no layer may hide in it.
    assert not [name for name in imports(ROOT / "kpi" / "__init__.py") if within(name, "kpi")]


def test_only_the_store_opens_a_database():
    broken = []
    for file in sources("kpi", "pages", "app.py"):
        if within(dotted(file), "kpi.store"):
            continue
        broken += [f"{dotted(file)} imports {n}" for n in imports(file) if within(n, "duckdb")]
        broken += [
            f"{dotted(file)}:{node.lineno} calls {name_of(node.func)}"
            for node in ast.walk(tree(file))
            if isinstance(node, ast.Call)
            and (name_of(node.func) in OPENING or name_of(node.func).rpartition(".")[2] in OPENING)
        ]
    assert not broken, "ask kpi.store for a connection"


def test_only_one_cache_of_answers():
    broken = [
        f"{dotted(file)}:{node.lineno}"
        for file in sources("pages", "app.py")
        for node in ast.walk(tree(file))
        if (isinstance(node, ast.Attribute) and node.attr in {"cache_data", "cache_resource"})
        or (
            isinstance(node, ast.Call)
            and name_of(node.func).rpartition(".")[2] == "Remembered"
            and dotted(file) != "pages.shared.data"
        )
    ]
    assert not broken, "answers are kept by data.cached, whose key holds all that decides them"


def test_every_cache_of_a_page_is_bounded():
    broken, found = [], 0
    for file in sources("pages", "app.py"):
        for node in ast.walk(tree(file)):
            for decorator in getattr(node, "decorator_list", ()):
                if name_of(decorator).rpartition(".")[2] == "cache":
                    broken.append(f"{dotted(file)}:{decorator.lineno}")
            if not isinstance(node, ast.Call):
                continue
            called = name_of(node.func).rpartition(".")[2]
            if called not in {"lru_cache", "Remembered"}:
                continue
            found += 1
            given = {k.arg: k.value for k in node.keywords}
            wanted = {"maxsize"} if called == "lru_cache" else {"most", "seconds"}
            if not wanted <= set(given) or any(
                isinstance(given[name], ast.Constant) and given[name].value is None
                for name in wanted
            ):
                broken.append(f"{dotted(file)}:{node.lineno}")
    assert not broken, "a cache without bounds grows until the machine is full"
    assert found >= 5


def test_no_module_grows_too_long():
    broken = []
    for file in sources("kpi", "pages", "app.py", "tools", "bench", "tests"):
        name = file.relative_to(ROOT).as_posix()
        bound = LONGER.get(name, LONGEST_TEST if name.startswith("tests/") else LONGEST_MODULE)
        length = len(file.read_text(encoding="utf-8").splitlines())
        if length > bound:
            broken.append(f"{name} has {length} lines, {bound} is the most")
    assert not broken


def test_no_exception_outlives_its_need():
    for name, bound in LONGER.items():
        length = len((ROOT / name).read_text(encoding="utf-8").splitlines())
        assert LONGEST_MODULE < length <= bound


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        # Written with a gap so that this file does not find itself.
        ("unsafe_allow" + "_html", "nothing from a file may reach the page as HTML"),
        ("allow_dangerous" + "_html", "nothing from a file may reach the page as HTML"),
        (r"pickle\." + r"loads?\(", "a pickle runs what is in it"),
        (r"(?<![\w.:/])/(?:wo" + r"rk|ro" + r"ot|home/\w+|Users/\w+)/", "a path of one machine"),
        (r"--(?:extra-)?index" + "-url|--find" + "-links", "no project names a package index"),
    ],
)
def test_never_appears(pattern, why):
    expression = re.compile(pattern)
    found = [
        f"{name}:{number}"
        for name, text in texts()
        if name != "tests/test_house.py"
        for number, line in enumerate(text.splitlines(), 1)
        if expression.search(line.replace("--no-emit-index" + "-url", ""))
    ]
    assert not found, why


LOCKS = ("requirements.lock", "requirements-dev.lock")


def locked(name: str) -> dict[tuple[str, str], int]:
    """Each pinned requirement (name and version, condition) with the number of its hashes."""
    found: dict[tuple[str, str], int] = {}
    current = ("", "")
    for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
        if match := re.match(r"([\w.-]+==[\w.]+)(?: ; ([^\\]+))? \\$", line):
            current = (match[1], (match[2] or "").strip())
            found[current] = 0
        elif re.match(r"    --hash=sha256:[0-9a-f]{64}( \\)?$", line):
            found[current] += 1
        else:
            assert re.match(r" +# ", line), f"{name} holds something else: {line}"
    return found


@pytest.mark.parametrize("name", LOCKS)
def test_lock_holds_versions_and_hashes_only(name):
    assert "://" not in (ROOT / name).read_text(encoding="utf-8")
    assert locked(name)
    assert all(hashes > 0 for hashes in locked(name).values())


def test_tested_is_what_is_installed():
    ours, developed = (dict(locked(name)) for name in LOCKS)
    assert not set(ours) - set(developed)


def test_locks_hold_what_is_asked_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    for name, asked in zip(
        LOCKS,
        (project["project"]["dependencies"], project["dependency-groups"]["dev"]),
        strict=True,
    ):
        held = {requirement.partition("==")[0] for requirement, _ in locked(name)}
        wanted = {normal(re.match(r"[\w.-]+", text)[0]) for text in asked}
        assert not wanted - held, "run `make lock`"


def test_what_is_imported_is_asked_for():
    # Not a development library, and not one that only happens to come along with another.
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = {normal(re.match(r"[\w.-]+", text)[0]) for text in project["dependencies"]}
    owners = packages_distributions()
    ours = {"kpi", "pages", "app"}
    strangers = {
        f"{dotted(file)} imports {top}"
        for file in sources("kpi", "pages", "app.py")
        for top in {name.split(".")[0] for name in imports(file)} - ours - sys.stdlib_module_names
        if not {normal(owner) for owner in owners.get(top, [])} & asked
    }
    assert not strangers


def normal(distribution: str) -> str:
    return distribution.lower().replace("_", "-")


def test_no_lock_with_addresses():
    assert not [file for file in FILES if file.name == "uv.lock"]


def test_figures_are_drawn_in_one_place():
    """There each gets its words, its table, its files and an alert to make of it."""
    drawn, bare = [], []
    for file in sources("pages"):
        name = file.relative_to(ROOT).as_posix()
        called = [
            node.func.attr
            for node in ast.walk(tree(file))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        ]
        drawn += [name for one in called if one.endswith("_chart") and name != DRAWS]
        # A figure alone is one of several that are one chart.
        bare += [name] if "plot" in called and "charted" not in called else []
    assert not drawn, "draw it with page.chart"
    assert not bare, "give what it is part of to page.charted"


def test_repository_stays_small():
    large = [
        f"{file.relative_to(ROOT)} {file.stat().st_size:,}"
        for file in FILES
        if file.stat().st_size > (500_000 if file.suffix == ".lock" else 300_000)
        and file.suffix != ".png"
    ]
    assert not large, "data to try with lies beside the project, not in it"


def test_no_file_of_the_shared_data_is_copied(shared_data):
    known = {
        (file.stat().st_size, file.name): file
        for file in shared_data.rglob("*")
        if file.is_file() and file.name not in {"SOURCE.txt", "REFERENCE.md", "README.md"}
    }
    sizes = {size for size, _ in known if size > 200}
    copied = [
        str(file.relative_to(ROOT))
        for file in FILES
        if file.stat().st_size in sizes
        and any(
            file.read_bytes() == other.read_bytes()
            for (size, _), other in known.items()
            if size == file.stat().st_size
        )
    ]
    assert not copied


def test_makefile_has_what_people_rely_on():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert targets >= {"install", "lock", "run", "test", "check", "shots", "bench", "soak"}


def test_ci_can_be_started():
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & 0o111
    assert "make test" in script.read_text(encoding="utf-8")
