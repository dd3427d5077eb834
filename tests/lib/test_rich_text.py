"""Descriptions are Markdown from people: nothing in them may run."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shophub.lib.rich_text import plain_summary, render_markdown


class Elements(HTMLParser):
    """What a browser would make of the HTML: its elements, their attributes, where its links lead."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.targets: set[str | None] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.targets |= {value for name, value in attrs if name == "href"}


def test_markdown_becomes_html_below_the_pages_headings() -> None:
    html = render_markdown("# Care\n\nWash *cold*, **never** iron.\n\n- one\n- two")

    assert html == (
        "<h3>Care</h3>\n<p>Wash <em>cold</em>, <strong>never</strong> iron.</p>\n"
        "<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n"
    )


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[click](javascript:alert(1))",
        "[click](data:text/html;base64,PHNjcmlwdD4=)",
        "![x](https://evil.example/pixel.gif)",
        '<a href="https://a.example" onclick="alert(1)">x</a>',
        "<style>body{display:none}</style>",
        "[x](https://a.example \"' onmouseover='alert(1)\")",
    ],
)
def test_nothing_active_survives(hostile: str) -> None:
    html = render_markdown(hostile)

    seen = Elements()
    seen.feed(html)
    assert seen.tags <= {"p", "a"}
    assert seen.attributes <= {"href", "title", "rel"}
    assert seen.targets <= {"https://a.example"}


def test_links_carry_no_trust() -> None:
    assert render_markdown("[maker](https://maker.example/)") == (
        '<p><a href="https://maker.example/" rel="nofollow noopener noreferrer">maker</a></p>\n'
    )


def test_summary_is_plain_and_cut_at_a_word() -> None:
    assert (
        plain_summary("## Warm\n\nA **soft** [lamp](https://a.example) for\nreading.")
        == "Warm A soft lamp for reading."
    )
    assert plain_summary("one two three four", length=10) == "one two…"
    assert plain_summary("") == ""


@given(st.text(max_size=300))
def test_any_text_gives_a_bounded_summary_and_no_script(source: str) -> None:
    assert len(plain_summary(source)) <= 160
    assert "<script" not in render_markdown(source).lower()


def test_headings_leave_out_no_level_whichever_the_writer_chose() -> None:
    html = render_markdown("### A\n\n##### B\n\n### C\n\n# D\n\n## E", 2)

    assert html == "<h2>A</h2>\n<h3>B</h3>\n<h2>C</h2>\n<h2>D</h2>\n<h3>E</h3>\n"
