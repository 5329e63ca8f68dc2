"""The application as it is, with a clock for its walls that is told by whoever asks.

`python -m tests.soak.app PORT`
"""

import sys
from contextvars import ContextVar

import uvicorn

from app import app
from kpi.web import walls

_now: ContextVar[float] = ContextVar("soak_now", default=0.0)
_latest = [0.0]


class Told:
    """ASGI middleware: the clock stands at what the request says, else at the latest that was said."""

    def __init__(self, inner):
        self.inner = inner

    async def __call__(self, scope, receive, send):
        if scope["type"] == "http":
            said = dict(scope["headers"]).get(b"x-soak-now")
            if said:
                _latest[0] = float(said) / 1000
            _now.set(_latest[0])
        await self.inner(scope, receive, send)


def _clock():
    return _now.get() or _latest[0]


if __name__ == "__main__":
    walls.clock = _clock
    uvicorn.run(Told(app), host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")
