"""`ketenzicht serve`: start the web server on our app, and say where once it answers."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from kpi.commands import COMMANDS
from kpi.i18n import _
from kpi.settings import Settings, project_folder
from kpi.store.endpoint import NOTHING_DONE, reach, run
from kpi.web.guard import this_machine

#: Seconds for the server to answer the first time: a large store is opened meanwhile.
PATIENCE = 600.0
LOOK_AGAIN = 0.1


def serve(settings: Settings, host: str, port: int, demo: bool) -> int:
    """Serve the store of `settings`; gives the exit code once the server has ended.

    Args:
        port: 0 for any that is free.
        demo: fill an empty store with the demo organisation first.
    """
    refusal = _refusal(settings, host, port)
    if refusal is not None:
        sys.stderr.write(refusal + "\n")
        return NOTHING_DONE
    command, arguments = ("demo", {"if_empty": True}) if demo else ("ready", {})
    # Also without --demo: what is wrong with the store is told here, in one sentence.
    code = run(settings, COMMANDS, command, arguments, sys.stderr.write, sys.stderr.write)
    if code:
        return code
    port = port or _free_port(host)
    folder = project_folder()
    asked = [
        sys.executable, "-m", "streamlit", "run", str(folder / "app.py"),
        "--server.address", host, "--server.port", str(port), "--server.headless", "true",
    ]  # fmt: skip
    address = f"http://{_in_address(host)}:{port}"
    sys.stdout.flush()
    if hasattr(os, "fork"):
        return _become(asked, folder, _environment(settings, folder), address)
    return _keep(asked, folder, _environment(settings, folder), address)


def _refusal(settings: Settings, host: str, port: int) -> str | None:
    """Why this cannot be served; None when it can."""
    if not this_machine(_in_address(host)):
        return _(
            "Ketenzicht is not served on {host}: sign-in is not configured, so everybody who can "
            "reach that address could see everything. Leave --host out to serve on this machine."
        ).format(host=host)
    if not (project_folder() / "app.py").is_file():
        return _("The dashboard is not installed: there is no {path}.").format(
            path=project_folder() / "app.py"
        )
    taken = _taken(host, port) if port else None
    if taken is not None:
        return _(
            "Port {port} of {host} cannot be used ({reason}). Choose another with --port."
        ).format(port=port, host=host, reason=taken)
    client = reach(settings)
    if client is not None:
        client.close()
        return _("This store is being served already: stop that application first.")
    return None


def _environment(settings: Settings, folder: Path) -> dict[str, str]:
    """What the server needs to find: our pages before anybody else's, and the same store."""
    paths = [str(folder), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
    # It runs in the project folder, where what was relative would mean something else.
    environment["KETENZICHT_DATABASE_URL"] = settings.database_url
    if named := os.environ.get("KETENZICHT_SETTINGS"):
        environment["KETENZICHT_SETTINGS"] = str(Path(named).expanduser().absolute())
    return environment


def _become(asked: list[str], folder: Path, environment: dict[str, str], address: str) -> int:
    """Turn this process into the server: who stops it, stops the server and nothing stays behind.

    A process of its own waits until the server answers and says so.
    """
    server = os.getpid()
    teller = os.fork()
    if teller == 0:
        code = 0
        try:
            _tell(address, lambda: os.getppid() == server)
        except BaseException:
            code = 1
        os._exit(code)
    # The one line on standard output is ours; the server logs to standard error.
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.chdir(folder)
    os.execve(sys.executable, asked, environment)


def _keep(asked: list[str], folder: Path, environment: dict[str, str], address: str) -> int:
    """Where a process cannot become another: start the server, and stop it when stopped."""
    child = subprocess.Popen(asked, cwd=folder, env=environment, stdout=subprocess.DEVNULL)
    signal.signal(signal.SIGTERM, lambda _number, _frame: child.terminate())
    try:
        _tell(address, lambda: child.poll() is None)
        return child.wait()
    except KeyboardInterrupt:
        child.terminate()
        return child.wait()


def _tell(address: str, alive: object) -> None:
    """Say where the server is as soon as it answers; nothing when it ends before."""
    assert callable(alive)
    until = time.monotonic() + PATIENCE
    while alive() and time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=5):  # noqa: S310 - our own
                sys.stdout.write(
                    _("Ketenzicht is served at {address} (stop it with Ctrl+C).").format(
                        address=address
                    )
                    + "\n"
                )
                sys.stdout.flush()
                return
        except OSError:
            time.sleep(LOOK_AGAIN)


def _in_address(host: str) -> str:
    return f"[{host}]" if ":" in host and not host.startswith("[") else host


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def _taken(host: str, port: int) -> str | None:
    """Why the port cannot be listened on; None when it can."""
    with socket.socket(_family(host), socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
            trial.listen(1)
        except OSError as problem:
            return problem.strerror or str(problem)
    return None


def _free_port(host: str) -> int:
    with socket.socket(_family(host), socket.SOCK_STREAM) as trial:
        trial.bind((host, 0))
        return int(trial.getsockname()[1])
