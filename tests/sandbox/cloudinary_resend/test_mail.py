import base64
import re

import httpx
import pytest

from shophub.sandbox.mail.contents import frame_document, linked_text
from tests.sandbox.cloudinary_resend.conftest import RunningSandbox

KEY = {"authorization": "Bearer re_sandbox"}
MAIL = {"from": "Shop <shop@example.com>", "to": "ann@example.com", "subject": "Hello", "html": "<p>Hi</p>"}


async def deliver(http: httpx.AsyncClient, **change: object) -> str:
    answer = await http.post("/resend/emails", json={**MAIL, **change}, headers=KEY)
    return str(answer.json()["id"])


async def test_page_lists_newest_first_and_links_each(http, sandbox: RunningSandbox):
    first = await deliver(http, subject="First", to="list@example.com")
    second = await deliver(http, subject="Second", to="List@example.com")

    page = (await http.get("/mail", params={"to": "list@"})).text

    assert re.findall(r'class="subject">(\w+)<', page) == ["Second", "First"]
    assert f'href="/sandbox/mail?to=list%40&amp;id={second}"' in page
    assert f"id={first}" in page


async def test_message_is_shown_in_a_sealed_frame_and_as_text_with_links(http):
    message = await deliver(
        http, html='<p onclick="x()">See "it"</p><script>alert(1)</script>', text="See https://shop.example/o?a=1&b=2."
    )

    designed = await http.get("/mail", params={"id": message})
    plain = await http.get("/mail", params={"id": message, "view": "text"})

    frame = re.search(r"<iframe[^>]*>", designed.text)[0]
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in frame
    assert "<script>alert(1)</script>" not in designed.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in frame
    assert "script-src 'self';" in designed.headers["content-security-policy"]
    assert (
        '<a href="https://shop.example/o?a=1&amp;b=2" target="_blank" rel="noopener noreferrer">'
        "https://shop.example/o?a=1&amp;b=2</a>." in plain.text
    )


async def test_markup_in_every_field_is_shown_as_text(http):
    evil = "<img src=x onerror=alert(1)>"
    message = await deliver(
        http,
        subject=evil,
        text=evil,
        html=None,
        headers={"X-Evil": evil},
        attachments=[{"filename": evil, "content": base64.b64encode(b"x").decode()}],
    )

    for path in (f"/mail?id={message}", f"/mail?to={evil}", "/mail?part=list"):
        assert evil not in (await http.get(path)).text


async def test_unknown_message_is_404_with_a_way_back(http):
    answer = await http.get("/mail", params={"id": "nonsense"})

    assert answer.status_code == 404
    assert "That message is gone" in answer.text


async def test_empty_states_say_what_to_do(http):
    searched = (await http.get("/mail", params={"to": "nobody-here"})).text

    assert "No message to “nobody-here”" in searched
    assert "Show all messages" in searched


async def test_list_part_answers_304_until_something_comes(http):
    first = await http.get("/mail", params={"part": "list"})
    same = await http.get("/mail", params={"part": "list"}, headers={"if-none-match": first.headers["etag"]})
    await deliver(http)
    changed = await http.get("/mail", params={"part": "list"}, headers={"if-none-match": first.headers["etag"]})

    assert (same.status_code, same.content) == (304, b"")
    assert changed.status_code == 200
    assert "<html" not in changed.text


async def test_attachment_is_saved_never_shown(http):
    content = base64.b64encode(b"%PDF-1.7").decode()
    message = await deliver(http, attachments=[{"filename": "Ü 1.pdf", "content": content}])

    answer = await http.get(f"/mail/messages/{message}/attachments/0")
    missing = await http.get(f"/mail/messages/{message}/attachments/1")

    assert answer.content == b"%PDF-1.7"
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''%C3%9C%201.pdf"
    assert answer.headers["content-type"] == "application/octet-stream"
    assert missing.status_code == 404


@pytest.mark.parametrize(("name", "kind"), [("mail.js", "text/javascript"), ("mail.css", "text/css")])
async def test_script_and_style_are_files(http, name, kind):
    answer = await http.get(f"/mail/{name}")

    assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (200, kind)


def test_links_of_a_message_open_beside_the_mailbox():
    assert frame_document("<html><HEAD lang='en'><title>") == ("<html><HEAD lang='en'><base target=\"_blank\"><title>")
    assert frame_document("<p>Hi") == '<base target="_blank"><p>Hi'


def test_text_link_ends_before_punctuation_and_markup():
    assert linked_text("(https://a.example/x), <b>") == (
        '(<a href="https://a.example/x" target="_blank" rel="noopener noreferrer">https://a.example/x</a>), &lt;b&gt;'
    )
