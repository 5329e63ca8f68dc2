"""What is built is what can be used: names at the top of site-packages, and nothing forgotten."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tools.files import project_files

ROOT = Path(__file__).resolve().parent.parent


def build(folder: Path, version: str) -> zipfile.ZipFile:
    target = f"wheel:{version}"
    command = [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (built,) = folder.glob("*.whl")
    return zipfile.ZipFile(built)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> zipfile.ZipFile:
    return build(tmp_path_factory.mktemp("wheel"), "standard")


def kept(*folders: str) -> set[str]:
    return {file.relative_to(ROOT).as_posix() for file in project_files(*folders)}


def test_only_our_two_names_at_the_top(wheel):
    tops = {name.split("/")[0] for name in wheel.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} <= {"kpi", "ketenzicht"}
    assert "kpi" in tops


def test_nothing_is_forgotten(wheel):
    mapped = {f"ketenzicht/{name}" for name in kept("pages", "data", "app.py")}
    wanted = kept("kpi") | mapped | {"ketenzicht/.streamlit/config.toml"}
    assert not wanted - set(wheel.namelist())


def test_nothing_of_somebodys_data_slips_in(wheel):
    allowed = kept("kpi", "pages", "data", "app.py") | {".streamlit/config.toml"}
    extra = [
        name
        for name in wheel.namelist()
        if ".dist-info/" not in name and name.removeprefix("ketenzicht/") not in allowed
    ]
    assert not extra


def test_command_and_licence(wheel):
    (entry,) = [name for name in wheel.namelist() if name.endswith("entry_points.txt")]
    assert "ketenzicht = kpi.cli:main" in wheel.read(entry).decode()
    assert any(name.endswith("licenses/LICENSE") for name in wheel.namelist())


def test_checkout_can_be_installed_as_it_lies(tmp_path):
    # `pip install --no-deps -e .`: a path file that names the checkout. The copy of app.py
    # comes along because hatchling maps single files no other way; the checkout's goes first.
    editable = build(tmp_path, "editable")
    (path,) = [name for name in editable.namelist() if name.endswith(".pth")]
    assert editable.read(path).decode().split() == [str(ROOT)]
    copies = {name for name in editable.namelist() if ".dist-info/" not in name} - {path}
    assert copies <= {"ketenzicht/app.py"}
