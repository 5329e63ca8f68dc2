"""A mail server on loopback: one that takes mail, one that refuses it, one that never answers."""

from __future__ import annotations

import email
import email.policy
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller


class Postbox:
    """Keeps what it takes; with `answer` it says that instead, of every address or of some."""

    def __init__(self, answer: str = "", of: str = "") -> None:
        self.answer, self.of = answer, of
        self.taken: list[tuple[list[str], EmailMessage]] = []

    async def handle_RCPT(self, _server, _session, envelope, address, _options) -> str:  # noqa: N802 - its name
        if self.answer and self.of in address:
            return self.answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope: Any) -> str:  # noqa: N802 - its name
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        self.taken.append((list(envelope.rcpt_tos), message))
        return "250 OK"


@contextmanager
def mail_server(postbox: Postbox) -> Iterator[int]:
    """A mail server that hands its mail to `postbox`; gives its port."""
    controller = Controller(postbox, hostname="127.0.0.1", port=_free_port())
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


@contextmanager
def hanging_server() -> Iterator[int]:
    """Takes the connection and says nothing."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        kept: list[socket.socket] = []

        def accept() -> None:
            try:
                while True:
                    kept.append(listening.accept()[0])
            except OSError:
                return

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            thread.join(10)
            for one in kept:
                one.close()


def mailto(port: int, *to: str, more: str = "") -> str:
    """An Apprise address of that server."""
    people = "/".join(to or ("team@example.org",))
    return f"mailto://127.0.0.1:{port}/{people}?from=ketenzicht@example.org&cto=0.4{more}"


@pytest.fixture
def postbox() -> Postbox:
    """One that takes everything."""
    return Postbox()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
