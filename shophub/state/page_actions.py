"""What a handler can have the page do. Everything that goes into a script is quoted as JSON."""

import json
from typing import Any

import reflex as rx

# React puts the new content into the page right after the answer has come; scripts that need it wait for that.
AFTER_RENDER_MILLISECONDS = 60
# The notice was shown: the address without it is what a reload or a copied link should have.
FORGET_NOTICE = (
    "(() => { const url = new URL(location); ['notice', 'verified'].forEach((name) => url.searchParams.delete(name)); "
    "history.replaceState(history.state, '', url); })()"
)


def focus(element_id: str) -> Any:
    """Move the focus to an element, if it is there."""
    return _later(f"document.getElementById({json.dumps(element_id)})?.focus()")


def focus_item(selector: str, index: int) -> Any:
    """Move the focus to one of the elements that match, without scrolling."""
    item = f"document.querySelectorAll({json.dumps(selector)})[{int(index)}]"
    return _later(f"{item}?.focus({{preventScroll: true}})")


def open_dialog(element_id: str) -> Any:
    """Open a dialog unless it is open."""
    return rx.call_script(f"(d => d && !d.open && d.showModal())(document.getElementById({json.dumps(element_id)}))")


def close_dialog(element_id: str) -> Any:
    """Close a dialog; the focus goes back to what opened it."""
    return rx.call_script(f"document.getElementById({json.dumps(element_id)})?.close()")


def announce(text: str) -> Any:
    """Have a screen reader say something when it is idle."""
    return rx.call_script(f"document.getElementById('live-polite').textContent = {json.dumps(text)}")


def replace_address(path: str) -> Any:
    """Put another address of this page into the bar, without navigating."""
    return rx.call_script(f"history.replaceState(history.state, '', {json.dumps(path)})")


def _later(script: str) -> Any:
    return rx.call_script(f"setTimeout(() => {script}, {AFTER_RENDER_MILLISECONDS})")
