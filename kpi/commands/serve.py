"""`ketenzicht serve`: start the web server on our app, and say where once it answers."""

from __future__ import annotations

import os
import runpy
import signal
import socket
import sys
import threading
import time
import urllib.request
from pathlib import Path
from typing import TextIO

from kpi import escape
from kpi.commands import COMMANDS
from kpi.i18n import _, language, use
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
    code = run(settings, COMMANDS, command, arguments, _log, _log)
    if code:
        return code
    port = port or _free_port(host)
    folder = project_folder()
    threading.Thread(
        target=_tell,
        args=(f"http://{_in_address(host)}:{port}", sys.stdout, language()),
        name="serve-tell",
        daemon=True,
    ).start()
    _prepare_process(settings, folder)
    sys.argv = [
        "streamlit", "run", str(folder / "app.py"),
        "--server.address", host, "--server.port", str(port), "--server.headless", "true",
    ]  # fmt: skip
    return _become_the_server()


def _log(text: str) -> None:
    sys.stderr.write(escape.terminal(text))
    sys.stderr.flush()


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


def _prepare_process(settings: Settings, folder: Path) -> None:
    """Let the server find our pages before anybody else's, and the same store."""
    paths = [str(folder), *filter(None, [os.environ.get("PYTHONPATH")])]
    os.environ["PYTHONPATH"] = os.pathsep.join(paths)
    sys.path.insert(0, str(folder))
    # It runs in the project folder, where what was relative would mean something else.
    os.environ["KETENZICHT_DATABASE_URL"] = settings.database_url
    if named := os.environ.get("KETENZICHT_SETTINGS"):
        os.environ["KETENZICHT_SETTINGS"] = str(Path(named).expanduser().absolute())
    os.chdir(folder)
    # The one line on standard output is ours; the server logs to standard error.
    sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - for good


def _become_the_server() -> int:
    """Run Streamlit in this very process: who stops it stops the server, and nothing stays behind.

    The server shuts down in good order when asked to stop, and then repeats the signal: that it is
    met here means that all went well.
    """

    def stopped(_number: int, _frame: object) -> None:
        raise SystemExit(0)

    for name in ("SIGINT", "SIGTERM", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), stopped)
    try:
        runpy.run_module("streamlit", run_name="__main__", alter_sys=True)
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 0
    return 0


def _tell(address: str, out: TextIO, speaking: str) -> None:
    """Say where the server is as soon as it answers."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=5):  # noqa: S310 - our own
                break
        except OSError:
            time.sleep(LOOK_AGAIN)
    else:
        return
    with use(speaking):
        out.write(
            _("Ketenzicht is served at {address} (stop it with Ctrl+C).").format(address=address)
            + "\n"
        )
    out.flush()


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
