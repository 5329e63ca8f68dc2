"""What a run sends goes in parts, in its order, and all of it: also of a run that fails or is cut off."""

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.scriptrunner_utils.script_run_context import ScriptRunContext

from pages.shared import together


class Cut(Exception):
    """Streamlit stops a run where it sends."""


class Context:
    def __init__(self):
        self.sent = []
        self._enqueue = self.send

    def send(self, message):
        if message == "cut":
            raise Cut
        self.sent.append(message)

    def enqueue(self, *messages):
        for message in messages:
            self._enqueue(message)


@pytest.fixture
def context(monkeypatch):
    made = Context()
    monkeypatch.setattr(together, "get_script_run_ctx", lambda: made)
    yield made
    together.end()


def test_streamlit_sends_where_we_look():
    assert "_enqueue" in ScriptRunContext.__dataclass_fields__


def test_it_goes_when_something_is_worth_seeing_and_at_the_end(context):
    together.begin()
    context.enqueue("a place", "numbers")
    assert context.sent == []
    together.go()
    assert context.sent == ["a place", "numbers"]
    context.enqueue("words")
    assert context.sent == ["a place", "numbers"]
    together.end()
    assert context.sent == ["a place", "numbers", "words"]
    context.enqueue("later")
    assert context.sent[-1] == "later"


def test_what_took_long_to_count_does_not_wait_for_the_rest(context, monkeypatch):
    now = [100.0]
    monkeypatch.setattr(together.time, "monotonic", lambda: now[0])
    together.begin()
    context.enqueue("numbers")
    together.go_if_late()
    assert context.sent == []
    now[0] += 0.2
    together.go_if_late()
    assert context.sent == ["numbers"]


def test_a_run_that_begins_finds_nothing_of_the_one_before(context):
    together.begin()
    context.enqueue("of the first")
    together.begin()
    assert context.sent == ["of the first"]
    context.enqueue("of the second")
    together.end()
    assert context.sent == ["of the first", "of the second"]
    assert context._enqueue == context.send


def test_of_a_run_that_is_cut_off_nothing_comes_after_it(context):
    together.begin()
    context.enqueue("a", "cut", "b")
    with pytest.raises(Cut):
        together.go()
    together.end()
    assert context.sent == ["a"]
    assert context._enqueue == context.send


def test_the_address_goes_at_once(context):
    address = ForwardMsg()
    address.page_info_changed.query_string = "channel=chat"
    together.begin()
    context.enqueue("a place", address)
    # A run that is cut off before its first number has said what it takes for said.
    assert context.sent == [address]
    together.end()
    assert context.sent == [address, "a place"]


def test_without_a_run_or_where_streamlit_is_another_nothing_is_held(monkeypatch):
    for other in (None, object()):
        monkeypatch.setattr(together, "get_script_run_ctx", lambda other=other: other)
        together.begin()
        together.go()
        together.end()


def test_an_address_that_names_no_page_is_told_by_us(context):
    """Streamlit would open a window about it, in English."""
    lost = ForwardMsg()
    lost.page_not_found.page_name = ""
    together.begin()
    assert not together.nowhere()
    context.enqueue(lost, "numbers")
    assert together.nowhere()
    together.end()
    assert context.sent == ["numbers"]
    assert not together.nowhere()
