"""The composition root: the Reflex app, the routes in front of it and the tasks beside it."""

import reflex as rx

from shophub.api.app import create_api
from shophub.api.web.wrapper import WebWrapper
from shophub.components.store.banner import connection_banner
from shophub.components.store.frame import live_regions
from shophub.pages.routes import add_pages

app = rx.App(
    stylesheets=["theme.css"],
    html_lang="en",
    toaster=rx.toast.provider(
        position="bottom-center", close_button=True, rich_colors=False, expand=False, duration=6000
    ),
    head_components=[
        rx.el.link(rel="icon", href="/favicon.svg", type="image/svg+xml"),
        rx.el.link(
            rel="preload",
            href="/fonts/figtree-latin.woff2",
            custom_attrs={"as": "font", "type": "font/woff2", "crossOrigin": "anonymous"},
        ),
    ],
    api_transformer=[create_api(), WebWrapper],
)
app.app_wraps[(5, "Overlay")] = lambda stateful: rx.fragment(live_regions(), connection_banner()) if stateful else None
add_pages(app)
