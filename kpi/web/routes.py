"""Our own addresses, beside Streamlit's pages."""

from __future__ import annotations

from starlette.routing import BaseRoute, Route

from kpi.web import downloads, funnel_list, health, rows, walls


def routes() -> list[BaseRoute]:
    """All of them; Streamlit looks at these before its own."""
    return [
        Route("/healthz", health.healthz),
        Route("/readyz", health.readyz),
        Route("/wall/static/{name}", walls.static),
        Route("/wall/screen/{screen}", walls.screen_page),
        Route("/wall/screen/{screen}/content", walls.screen_content),
        Route("/wall/{view}", walls.page),
        Route("/wall/{view}/content", walls.content),
        Route("/download/quarantined/{import_id:int}", downloads.quarantined),
        Route("/download/funnel", funnel_list.entities),
        Route("/download/rows", rows.behind),
    ]
