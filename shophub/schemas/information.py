"""The pages about the shop itself."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ContactFact:
    """A way to reach the store; ``url`` is empty where nothing can be opened."""

    icon: str = ""
    label: str = ""
    text: str = ""
    url: str = ""


@dataclass(frozen=True)
class InformationView:
    """A page as everybody sees it. ``html`` is sanitised; ``summary`` is plain text for previews."""

    page: str = ""
    title: str = ""
    html: str = ""
    summary: str = ""
    store_name: str = ""
    logo_url: str = ""
    facts: tuple[ContactFact, ...] = ()


@dataclass(frozen=True)
class InformationDraft:
    """A page's text for who may change it; ``version`` is that which was read, ``html`` what it looks like."""

    page: str = ""
    title: str = ""
    body: str = ""
    version: int = 0
    is_default: bool = True
    html: str = ""
