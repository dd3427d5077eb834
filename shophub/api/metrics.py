"""Metrics for Prometheus at ``/metrics``: what this process does, and how the whole shop is. Not public.

Requests are counted by their route's template, never by what stands in an address: ids there would be a series each,
and would tell of people.
"""

from collections.abc import MutableMapping
from time import perf_counter
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector
from prometheus_client.exposition import generate_latest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shophub.api.dependencies import bearer_token
from shophub.api.errors import error_answer
from shophub.api.permissions import PUBLIC
from shophub.db import pool_figures
from shophub.services.metrics import ShopMetrics, find_metrics, may_read

PATH = "/metrics"
KNOWN_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
# What proxies add. A request with one of these did not come from where its connection does.
FORWARDED = ("x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "forwarded", "x-real-ip", "via")
# Pages and files of the user interface, and what was answered before a route was looked for.
NO_ROUTE = "none"
_HELD = "shophub.measured"
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """The metrics of one app."""

    def __init__(self) -> None:
        """Begin at nought."""
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._requests = Counter(
            "shophub_http_requests",
            "Answers, by method, route and status.",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "shophub_http_request_seconds",
            "From the first byte of a request to the last of its answer.",
            ("method", "route"),
            buckets=BUCKETS,
            registry=self.registry,
        )
        self.live = Gauge("shophub_live_connections", "Open live connections.", registry=self.registry)
        self._pool = Gauge(
            "shophub_database_pool", "Connections of this process's pool, by state.", ("state",), registry=self.registry
        )
        self._database = Gauge(
            "shophub_database_up", "1 where the database answers within seconds.", registry=self.registry
        )
        self._shop = {
            name: Gauge(f"shophub_{name}", f"{about} The same in every process.", registry=self.registry)
            for name, about in (
                ("queue_lag_seconds", "How long the oldest job that is due has waited."),
                ("queue_due_jobs", "Jobs that are due."),
                ("orders_placed_last_hour", "Orders placed within the last hour."),
                ("payment_failures_last_hour", "Payments that Stripe reported as failed within the last hour."),
            )
        }
        # Looking a series up by its labels costs more than everything else about counting.
        self._counters: dict[tuple[str, str, int], Counter] = {}
        self._histograms: dict[tuple[str, str], Histogram] = {}

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count an answer."""
        method = method if method in KNOWN_METHODS else "other"
        counter = self._counters.get((method, route, status))
        if counter is None:
            counter = self._counters[method, route, status] = self._requests.labels(method, route, str(status))
        counter.inc()
        histogram = self._histograms.get((method, route))
        if histogram is None:
            histogram = self._histograms[method, route] = self._seconds.labels(method, route)
        histogram.observe(seconds)

    def written(self, shop: ShopMetrics | None) -> bytes:
        """Return everything in Prometheus's text format; without the shop's figures where nobody knows them."""
        for state, count in pool_figures().items():
            self._pool.labels(state).set(count)
        self._database.set(shop is not None)
        figures = (
            (shop.queue_lag_seconds, shop.figures.due_jobs, shop.figures.orders, shop.figures.payment_failures)
            if shop is not None
            else (float("nan"),) * len(self._shop)
        )
        for gauge, figure in zip(self._shop.values(), figures, strict=True):
            gauge.set(figure)
        return generate_latest(self.registry)


class Measured:
    """Counts and times every request, and counts open live connections. The outermost of all."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        """Wrap ``app``."""
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request or connection."""
        if scope["type"] == "websocket":
            with self._metrics.live.track_inprogress():
                await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status, held = perf_counter(), 500, dict[str, str]()

        async def send_noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        client = scope.get("client")
        held["peer"] = client[0] if client else ""
        scope[_HELD] = held  # kept by whoever copies the scope on the way in
        try:
            await self._app(scope, receive, send_noting)
        finally:
            self._metrics.count(scope["method"], held.get("route", NO_ROUTE), status, perf_counter() - began)


class RouteNames:
    """Tells ``Measured`` which route took a request. The innermost: what is around it may pass on a copied scope."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap ``app``."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        try:
            await self._app(scope, receive, send)
        finally:
            held: MutableMapping[str, Any] | None = scope.get(_HELD)
            template = getattr(scope.get("route"), "path_format", "")
            if held is not None and template:
                held["route"] = template


def metrics_router(metrics: Metrics) -> APIRouter:
    """Return the route that gives an app's metrics."""
    router = APIRouter(include_in_schema=False)

    @router.get(PATH, dependencies=[PUBLIC])
    async def get_metrics(request: Request) -> Response:
        """Give the metrics to who may read them; for everybody else there is nothing here."""
        is_forwarded = any(name in request.headers for name in FORWARDED)
        peer = request.scope[_HELD]["peer"]
        if not may_read(bearer_token(request), peer, is_forwarded=is_forwarded):
            return error_answer(404, "There is nothing at this address.", "not_found")
        content = metrics.written(await find_metrics())
        return Response(content, media_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})

    return router
