"""Mail against a real server: one that takes it, refuses it, or never answers; no secret is told."""

import logging

import pytest

from kpi.alerts import sending
from kpi.alerts.sending import Undelivered
from kpi.settings import Settings
from tests.alerts.conftest import Postbox, hanging_server, mail_server, mailto

SECRET = "s3cr3t"


def settings(address: str) -> Settings:
    return Settings(channels={"team": address})


def test_a_mail_has_both_parts_and_says_that_a_program_sent_it(postbox: Postbox):
    with mail_server(postbox) as port:
        sending.send(
            settings(mailto(port, "team@example.org", "planning@example.org")), "team",
            "Storingen: 78\u00a0%\r\nBcc: x@example.org", "Eén regel\n", "<p>Eén &lt;b&gt;</p>", "7",
        )  # fmt: skip
    [(to, message)] = postbox.taken
    assert to == ["team@example.org", "planning@example.org"]
    assert message["Subject"] == "Storingen: 78\u00a0% Bcc: x@example.org"
    assert message["Bcc"] is None
    assert message["Message-ID"].startswith("<7902699be42c8a8e46fbbb4501726517")
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["From"].addresses[0].addr_spec == "ketenzicht@example.org"
    plain, html = message.iter_parts()
    assert plain.get_content_type() == "text/plain"
    assert plain.get_content() == "Eén regel\r\n"
    assert html.get_content_type() == "text/html"
    assert html.get_content().strip() == "<p>Eén &lt;b&gt;</p>"


def test_a_refusal_says_what_the_server_answered_without_addresses():
    refusing = Postbox("550 5.1.1 <team@example.org> unknown")
    with mail_server(refusing) as port, pytest.raises(Undelivered) as problem:
        sending.send(settings(mailto(port)), "team", "s", "t")
    assert "550 5.1.1 … unknown" in str(problem.value)
    assert problem.value.again
    assert "example.org" not in str(problem.value)


def test_refused_for_some_is_told_and_not_sent_again_to_the_others():
    half = Postbox("550 no", of="planning")
    with mail_server(half) as port:
        address = mailto(port, "team@example.org", "planning@example.org")
        with pytest.raises(Undelivered, match="1 of 2 addresses") as problem:
            sending.send(settings(address), "team", "s", "t")
    assert not problem.value.again
    assert len(half.taken) == 1


def test_a_server_that_hangs_or_is_not_there_is_told(caplog):
    caplog.set_level(logging.DEBUG)
    with hanging_server() as port:
        address = mailto(port).replace("mailto://", f"mailto://wie:{SECRET}@")
        with pytest.raises(Undelivered, match="did not answer in time"):
            sending.send(settings(address), "team", "s", "t")
    with pytest.raises(Undelivered, match="could not be reached") as problem:
        sending.send(settings(address), "team", "s", "t")
    assert SECRET not in caplog.text + str(problem.value)


def test_another_service_goes_through_apprise_and_fails_without_its_secret(caplog):
    caplog.set_level(logging.DEBUG)
    address = f"json://user:{SECRET}@127.0.0.1:9/{SECRET}?cto=0.4&rto=0.4"
    with pytest.raises(Undelivered, match="did not take it") as problem:
        sending.send(settings(address), "team", "s", "t")
    assert SECRET not in caplog.text + str(problem.value)


@pytest.mark.parametrize(
    ("name", "address", "said"),
    [
        ("taem", "mailto://x@example.org", "no channel taem. Did you mean team"),
        ("team", f"what://{SECRET}", "none that Apprise knows"),
        ("team", "mailto://x:y@example.org", ""),
    ],
)
def test_a_channel_is_checked_without_sending(name, address, said):
    found = sending.checked(settings(address), name)
    assert said in found
    assert bool(said) == bool(found)
    assert SECRET not in found
