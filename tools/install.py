"""Makes `.venv` from the lock, or leaves it alone when it is up to date.

Run by `make install` and `make test` with whatever `python3` the machine has,
so: standard library only, and readable by an old Python up to the sentence
that says a newer one is needed.

Two things make an interruption harmless. The stamp that says "this lock is
installed" is written last; and while packages are being installed a marker
stands in the environment. Whoever finds the marker finds an installation that
was cut off: packages may be there by half, so the environment is made anew.
"""

import contextlib
import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
MARKER = VENV / ".installing"
OLDEST = (3, 11)
NEWER_PYTHONS = ("python3.13", "python3.12", "python3.11")


def say(sentence):
    """Tells on standard error what is going on."""
    print(sentence, file=sys.stderr, flush=True)


def stop(sentence):
    """Ends with one sentence that says what to do."""
    say(sentence)
    raise SystemExit(2)


def runs(*command):
    """True when the command can be started and ends well."""
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def run(*command):
    """Runs a command whose own output explains a failure."""
    if subprocess.run(command, cwd=ROOT, check=False).returncode != 0:
        stop("Not installed: the command above failed. Run `make install` again to go on.")


@contextlib.contextmanager
def alone():
    """Lets one installation at a time work in this folder; a second one waits."""
    try:
        import fcntl
    except ImportError:  # no such lock on this system: go without
        yield
        return
    folder = os.open(str(ROOT), os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def suitable_python():
    """The Python to build the environment with, or None."""
    if sys.version_info >= OLDEST:
        return sys.executable
    for name in NEWER_PYTHONS:
        found = shutil.which(name)
        if found:
            return found
    return None


def make_environment(uv):
    """Makes an empty `.venv`, with uv when it is there, else with venv and pip."""
    shutil.rmtree(VENV, ignore_errors=True)
    python = suitable_python()
    if uv:
        # uv finds, or fetches, a Python itself when this machine's is too old.
        run(uv, "venv", "--quiet", "--python", python or ">=3.11", str(VENV))
        return
    if python is None:
        stop("Ketenzicht needs Python 3.11 or later; this machine's python3 is older.")
    if not runs(python, "-c", "import venv, ensurepip"):
        stop(
            "This Python cannot make a virtual environment: install its package first, "
            "on Debian and Ubuntu with `apt-get install python3-venv`."
        )
    run(python, "-m", "venv", str(VENV))


def healthy(uv):
    """Whether `.venv` is whole: a Python new enough that starts, and a way to install."""
    if MARKER.exists():
        say("An earlier installation was interrupted: making .venv again.")
        return False
    check = "import sys; sys.exit(sys.version_info < (3, 11) or sys.prefix == sys.base_prefix)"
    if not runs(str(PYTHON), "-c", check):
        return False
    return bool(uv) or runs(str(PYTHON), "-m", "pip", "--version")


def version():
    """The project's version as pyproject.toml has it."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    found = re.search(r'^version = "(.+)"$', text, re.MULTILINE)
    return found.group(1) if found else "0"


def link_project():
    """Puts this checkout into the environment: what `pip install --no-deps -e .` does.

    Done by hand because pip would first fetch a build backend, the one thing
    in the installation that no hash in the lock vouches for.
    """
    answer = subprocess.run(
        [str(PYTHON), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True,
        check=True,
        text=True,
    )
    site = Path(answer.stdout.strip())
    for old in site.glob("ketenzicht-*.dist-info"):
        shutil.rmtree(old)
    script = VENV / "bin" / "ketenzicht"
    script.write_text(
        "#!{}\nimport sys\n\nfrom kpi.cli import main\n\nsys.exit(main())\n".format(PYTHON),
        encoding="utf-8",
    )
    script.chmod(0o755)
    info = site / "ketenzicht-{}.dist-info".format(version())
    info.mkdir()
    files = {
        site / "ketenzicht.pth": "{}\n".format(ROOT),
        info / "METADATA": "Metadata-Version: 2.1\nName: ketenzicht\nVersion: {}\n".format(
            version()
        ),
        info / "entry_points.txt": "[console_scripts]\nketenzicht = kpi.cli:main\n",
        info / "INSTALLER": "make\n",
    }
    for file, text in files.items():
        file.write_text(text, encoding="utf-8")
    listed = [*files, script, info / "RECORD"]
    lines = ["{},,\n".format(os.path.relpath(str(file), str(site))) for file in listed]
    (info / "RECORD").write_text("".join(lines), encoding="utf-8")


def install(lock):
    """Brings `.venv` in line with one lock file; at once when it already is."""
    uv = shutil.which("uv")
    stamp = VENV / ".installed-{}".format(lock.stem)
    wanted = hashlib.sha256()
    for file in (lock, Path(__file__)):
        wanted.update(file.read_bytes())
    wanted.update("{} {}".format(version(), ROOT).encode())
    if (
        stamp.exists()
        and stamp.read_text(encoding="utf-8") == wanted.hexdigest()
        and PYTHON.exists()
        and not MARKER.exists()
    ):
        return
    if not healthy(uv):
        make_environment(uv)
    say("Installing {} into .venv.".format(lock.name))
    MARKER.touch()
    if uv:
        installer = [uv, "pip", "install", "--quiet", "--python", str(PYTHON)]
    else:
        installer = [str(PYTHON), "-m", "pip", "install", "--quiet"]
        installer.append("--disable-pip-version-check")
    run(*installer, "--require-hashes", "-r", str(lock))
    link_project()
    stamp.write_text(wanted.hexdigest(), encoding="utf-8")
    MARKER.unlink()


def main():
    """`python3 tools/install.py [--dev]`."""
    name = "requirements-dev.lock" if "--dev" in sys.argv[1:] else "requirements.lock"
    with alone():
        install(ROOT / name)


if __name__ == "__main__":
    main()
