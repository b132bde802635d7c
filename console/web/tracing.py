"""A span for each request where traces are on, named by its route: an address may hold somebody's link."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from connection import traces


class Traced:
    """The application within."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        method = str(scope["method"])
        with traces.span(method, method=method) as more:

            async def answer(message: Message) -> None:
                if message["type"] == "http.response.start":
                    route = str(getattr(scope.get("route"), "path", ""))
                    more(f"{method} {route}".strip(), route=route, status=int(message["status"]))
                await send(message)

            await self._app(scope, receive, answer)
