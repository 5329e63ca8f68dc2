"""`make install`: once is enough, cut off is healed, and what is missing is said in a sentence."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def without(command: str) -> str:
    """PATH less the folders that hold `command`."""
    folders = os.environ["PATH"].split(os.pathsep)
    return os.pathsep.join(f for f in folders if not (Path(f) / command).exists())


class Project:
    """A project in a folder of its own, with a lock that asks for nothing."""

    def __init__(self, folder: Path, path: str):
        self.folder = folder
        self.path = path
        (folder / "tools").mkdir()
        shutil.copy(ROOT / "tools" / "install.py", folder / "tools")
        (folder / "pyproject.toml").write_text('[project]\nversion = "9.8.7"\n')
        (folder / "requirements.lock").write_text("# nothing\n")
        (folder / "kpi").mkdir()
        (folder / "kpi" / "__init__.py").touch()
        (folder / "kpi" / "cli.py").write_text("def main():\n    print('it runs')\n")

    def install(self, **environment: str) -> subprocess.CompletedProcess[str]:
        # The Python that this one was made from: an environment inside another proves nothing.
        python = Path(sys.base_prefix) / "bin" / "python3"
        return subprocess.run(
            [str(python), "tools/install.py"],
            cwd=self.folder,
            env={"PATH": self.path, "HOME": str(self.folder)} | environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def call(self) -> str:
        command = [str(self.folder / ".venv" / "bin" / "ketenzicht")]
        return subprocess.run(
            command, cwd="/", capture_output=True, text=True, check=True
        ).stdout.strip()


@pytest.fixture(params=["uv", "pip"])
def project(request, tmp_path):
    if request.param == "uv" and not shutil.which("uv"):
        pytest.skip("uv is not here")
    path = os.environ["PATH"] if request.param == "uv" else without("uv")
    return Project(tmp_path, path)


@pytest.mark.slow
def test_installs_once_and_heals(project):
    venv = project.folder / ".venv"

    first = project.install()
    assert first.returncode == 0, first.stderr
    assert project.call() == "it runs"
    shown = subprocess.run(
        [
            str(venv / "bin" / "python"),
            "-c",
            "from importlib.metadata import version; print(version('ketenzicht'))",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert shown.stdout.strip() == "9.8.7"

    again = project.install()
    assert (again.returncode, again.stderr) == (0, "")

    # Cut off while packages were being installed: they may be there by half.
    (venv / ".installing").touch()
    (venv / "half").touch()
    healed = project.install()
    assert healed.returncode == 0
    assert "interrupted" in healed.stderr
    assert not (venv / "half").exists()
    assert project.call() == "it runs"

    # Cut off while .venv itself was being made.
    (venv / "bin" / "python").unlink()
    assert project.install().returncode == 0
    assert project.call() == "it runs"

    # A new lock is installed over the old one.
    (project.folder / "requirements.lock").write_text("# nothing yet\n")
    assert "Installing" in project.install().stderr
    assert project.call() == "it runs"


def test_a_failed_installation_is_not_taken_for_done(tmp_path):
    project = Project(tmp_path, os.environ["PATH"])
    (tmp_path / "requirements.lock").write_text("this is no requirement\n")
    for _ in range(2):
        failed = project.install()
        assert failed.returncode == 2
        assert "Run `make install` again" in failed.stderr


def test_debian_without_venv(tmp_path):
    (tmp_path / "project").mkdir()
    project = Project(tmp_path / "project", without("uv"))
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "ensurepip.py").write_text("raise ImportError\n")
    refused = project.install(PYTHONPATH=str(broken))
    assert refused.returncode == 2
    assert "apt-get install python3-venv" in refused.stderr
    assert not (project.folder / ".venv").exists()


def test_older_python_reads_the_script():
    # It must get as far as the sentence that says a newer one is needed.
    text = (ROOT / "tools" / "install.py").read_text(encoding="utf-8")
    ast.parse(text, feature_version=(3, 7))
