"""The guard: every request and every websocket passes it before anything else sees them.

Single-user mode, as long as no sign-in is configured: only this machine may look. Three doors are
held, for a browser on this machine can be sent here by any page it has open:

- the peer must be a loopback address;
- the Host header must name this machine, else a stranger's name that resolves to 127.0.0.1 would
  make his page "same origin" with ours (DNS rebinding);
- a websocket, and any request that changes something, must come from our own page (Origin).

What a proxy on this machine passes on did not come from here, though its peer is a loopback address:
it says so in its headers, and is held as a stranger.

Where screens may be paired (a setting), others may come as far as the walls: there each must show
the cookie of a screen that was let in (`kpi.web.pairing`).

Refusals are one sentence, in the visitor's language. Answers get the security headers.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

from kpi.i18n import _, closest, use
from kpi.text import N_

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
#: Streamlit's side doors that nobody here needs: measurements and the interface for programs.
CLOSED = ("/_stcore/metrics", "/_stcore/agent", "/_stcore/script-health-check")
#: In the scope of a request: it did not come from this machine, so it must be of a paired screen.
ELSEWHERE = "ketenzicht.elsewhere"
#: Where other systems send files: no cookie opens it, so no page can have a browser do it. Whose
#: token it is the route itself looks up (`kpi.web.imports`).
TOKEN_ONLY = "/import"  # noqa: S105 - an address
#: What a proxy adds, each of them enough to be one.
_FORWARDING = frozenset(
    {
        "forwarded", "via", "x-forwarded", "x-forwarded-by", "x-forwarded-for", "x-forwarded-host",
        "x-forwarded-port", "x-forwarded-proto", "x-forwarded-scheme", "x-forwarded-server",
        "x-forwarded-ssl", "x-original-host", "x-real-ip", "cf-connecting-ip", "true-client-ip",
    }
)  # fmt: skip
_HOST = re.compile(r"(?P<name>\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+)(:(?P<port>\d{1,5}))?")


class Guard:
    """ASGI middleware; see the module's text.

    `scripts`: CSP sources of inline scripts that we know ("'sha256-…'"). `pairing`: whether
    screens elsewhere may ask to be let in.
    """

    def __init__(self, app: App, scripts: Iterable[str] = (), *, pairing: bool = False) -> None:
        self.app = app
        self.scripts = " ".join(scripts)
        self.pairing = pairing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let pass, with headers, or refuse."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        headers = _headers(scope)
        refusal = refuse(scope, headers, pairing=self.pairing)
        if refusal is not None:
            status, reason = refusal
            await _refused(scope, headers, send, receive, status, reason)
            return
        if scope["type"] == "websocket":
            await self.app(scope, receive, send)
            return
        added = self.headers(headers["host"], scope["path"])

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = {name for name, _value in message["headers"]}
                kept = [pair for pair in message["headers"] if pair[0].lower() != b"server"]
                kept += [pair for pair in added if pair[0] not in own]
                message = {**message, "headers": kept}
            await send(message)

        await self.app(scope, receive, send_guarded)

    def headers(self, host: str, path: str) -> list[tuple[bytes, bytes]]:
        """What every answer carries; a route may set its own value of one of them."""
        # A wall runs one script of its own, from a file; Streamlit builds components from blobs.
        scripts = (
            "'self'"
            if (path + "/").startswith("/wall/")
            else f"'self' blob: {self.scripts}".strip()
        )
        policy = {
            "default-src": "'self'",
            "script-src": scripts,
            # Streamlit's styles are made in the browser.
            "style-src": "'self' 'unsafe-inline'",
            "img-src": "'self' data: blob:",
            "font-src": "'self' data:",
            "connect-src": f"'self' ws://{host} wss://{host}",
            "worker-src": "'self' blob:",
            "frame-src": "'self'",
            "frame-ancestors": "'self'",
            "form-action": "'self'",
            "base-uri": "'self'",
            "object-src": "'none'",
        }
        values = {
            "content-security-policy": "; ".join(f"{k} {v}" for k, v in policy.items()),
            "x-content-type-options": "nosniff",
            "referrer-policy": "no-referrer",
            "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
            "cross-origin-opener-policy": "same-origin",
            "cross-origin-resource-policy": "same-origin",
            "x-frame-options": "SAMEORIGIN",
        }
        return [(name.encode(), value.encode("latin-1")) for name, value in values.items()]


def refuse(
    scope: Scope, headers: dict[str, str], *, pairing: bool = False
) -> tuple[int, str] | None:
    """Status and English message id of the refusal; None lets the request pass."""
    peer = (scope.get("client") or ("", 0))[0]
    host = headers.get("host", "")
    here = loopback(peer) and this_machine(host) and not forwarded(scope, headers)
    #: Said by nobody but the guard: what a request brings itself is overwritten.
    scope[ELSEWHERE] = not here
    if not here and not (pairing and _to_a_wall(scope)):
        return 403, N_(
            "Ketenzicht runs for one user, on this machine only. Open it here, at "
            "http://localhost; others can look once sign-in is configured."
        )
    origin = headers.get("origin")
    changes = scope["type"] == "websocket" or scope["method"] not in SAFE_METHODS
    foreign = origin is not None and urlsplit(origin).netloc.lower() != host.lower()
    if changes and (foreign or headers.get("sec-fetch-site") == "cross-site"):
        return 403, N_("This request came from another page than Ketenzicht's own; it was refused.")
    if any(scope["path"] == path or scope["path"].startswith(path + "/") for path in CLOSED):
        return 404, N_("There is nothing at this address.")
    if scope["path"].rstrip("/") == TOKEN_ONLY and not _bears_token(headers):
        return 401, N_("This address is for other systems, and needs a token.")
    return None


def forwarded(scope: Scope, headers: dict[str, str]) -> bool:
    """Whether a proxy passed this on: its peer is this machine then, whoever asked.

    A proxy says so in a header, or speaks HTTP/1.0 as nginx does where nobody set it up; a browser
    does neither.
    """
    return scope.get("http_version") == "1.0" or not _FORWARDING.isdisjoint(headers)


def _to_a_wall(scope: Scope) -> bool:
    path = str(scope["path"])
    return scope["type"] == "http" and (path == "/wall" or path.startswith("/wall/"))


def _bears_token(headers: dict[str, str]) -> bool:
    scheme, _space, token = headers.get("authorization", "").partition(" ")
    return scheme.lower() == "bearer" and bool(token.strip())


def loopback(address: str) -> bool:
    """Whether a peer's address is this machine's own."""
    try:
        found = ipaddress.ip_address(address.split("%", maxsplit=1)[0])
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return (mapped or found).is_loopback


def this_machine(host: str) -> bool:
    """Whether a Host header names this machine: localhost or a loopback address."""
    found = _HOST.fullmatch(host)
    if found is None:
        return False
    name = found["name"].strip("[]").lower()
    return name == "localhost" or name.endswith(".localhost") or loopback(name)


def _headers(scope: Scope) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in scope["headers"]:
        key = name.decode("latin-1").lower()
        # Said twice is not to be trusted: two readers would each believe another one.
        found[key] = (
            "\x00" if key in found and key in {"host", "origin"} else value.decode("latin-1")
        )
    return found


async def _refused(
    scope: Scope,
    headers: dict[str, str],
    send: Send,
    receive: Receive,
    status: int,
    reason: str,
) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008})
        return
    with use(closest(headers.get("accept-language"))):
        body = (_(reason) + "\n").encode()
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [
                (b"content-type", b"text/plain; charset=utf-8"),
                (b"content-length", str(len(body)).encode()),
                (b"cache-control", b"no-store"),
                (b"x-content-type-options", b"nosniff"),
                *([(b"www-authenticate", b"Bearer")] if status == 401 else []),
            ],
        }
    )
    await send({"type": "http.response.body", "body": body})
