"""The library that draws the figures, from the package that makes them: one version of both.

It is fetched once a browser: its address changes when it does.
"""

from __future__ import annotations

import gzip
from functools import cache
from importlib.metadata import version

from starlette.requests import Request
from starlette.responses import Response

ADDRESS = f"/figures/plotly-{version('plotly')}.js"
_FOREVER = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}


def script(request: Request) -> Response:
    """`ADDRESS`: compressed for who can read that, a third of its size."""
    small = "gzip" in request.headers.get("accept-encoding", "")
    headers = {**_FOREVER, **({"Content-Encoding": "gzip"} if small else {})}
    return Response(_script(small=small), media_type="text/javascript", headers=headers)


@cache
def _script(*, small: bool) -> bytes:
    # Only where a figure is looked at: to import it takes a moment.
    from plotly.offline import get_plotlyjs

    whole = get_plotlyjs().encode()
    return gzip.compress(whole, mtime=0) if small else whole
