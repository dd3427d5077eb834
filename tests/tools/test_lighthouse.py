"""Lighthouse's marks: the median counts, and what is below its floor is named."""

from typing import Any

import pytest

from tools.lighthouse import FLOORS, TIMES, LighthouseError, medians, read, shortfalls

REQUESTS = [
    {"resourceType": "Script", "transferSize": 100 * 1024},
    {"resourceType": "Script", "transferSize": 92 * 1024},
    {"resourceType": "Image", "transferSize": 2048},
    {"transferSize": 4096},
]


def report(**scores: float | None) -> dict[str, Any]:
    return {
        "requestedUrl": "http://127.0.0.1/",
        "categories": {name: {"score": scores.get(name.replace("-", "_"), 1)} for name in FLOORS},
        "audits": {name: {"numericValue": 12.5} for name in TIMES}
        | {"network-requests": {"details": {"items": REQUESTS}}},
    }


def test_marks_are_read_in_per_cent():
    assert read(report(performance=0.93)) == {
        "performance": 93, "accessibility": 100, "best-practices": 100, "seo": 100,
        "largest-contentful-paint": 12.5, "total-blocking-time": 12.5, "cumulative-layout-shift": 12.5,
        "scripts": 192, "styles": 0, "pictures": 2,
    }  # fmt: skip


def test_page_that_could_not_be_marked_is_an_error():
    with pytest.raises(LighthouseError, match="got no full marks"):
        read(report(seo=None))


@pytest.mark.parametrize(
    ("performance", "accessibility", "expected"),
    [
        ((0.90, 0.92, 0.99), 1, []),
        ((0.91, 0.914, 0.99), 1, ["performance 91, floor 92"]),
        ((1, 1, 1), 0.99, ["accessibility 99, floor 100"]),
    ],
)
def test_median_is_held_against_the_floor(performance, accessibility, expected):
    visits = [read(report(performance=score, accessibility=accessibility)) for score in performance]

    assert shortfalls("/terms", medians(visits)) == expected


def test_kilobytes_are_held_against_the_pages_budget():
    figures = read(report())

    assert shortfalls("home", figures) == ["scripts 192 KB, budget 190"]
    assert shortfalls("listing", figures) == []
