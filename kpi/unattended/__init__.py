"""Files that come in without anybody watching: from a folder, or from another system over HTTP.

What is loaded is reported as a load by hand is; what is not loaded is noted, so that
`kpi.numbers.feeds`, and everything that asks it, shows it.
"""

from kpi.unattended.delivering import COMMAND, HTTP, INBOX, deliver
from kpi.unattended.inbox import Handled, empty_inbox, inbox_of
from kpi.unattended.watching import look_into_inbox

__all__ = [
    "COMMAND",
    "HTTP",
    "INBOX",
    "Handled",
    "deliver",
    "empty_inbox",
    "inbox_of",
    "look_into_inbox",
]
