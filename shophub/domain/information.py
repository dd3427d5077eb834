"""The pages about the shop itself, whose texts the merchant can write."""

from enum import StrEnum


class InformationPage(StrEnum):
    """One of these pages, in the order in which they lead to one another; its address is the value after a slash."""

    CONTACT = "contact"
    RETURNS = "returns"
    PRIVACY = "privacy"
    TERMS = "terms"

    @property
    def path(self) -> str:
        """Return the page's address."""
        return f"/{self.value}"

    @property
    def heading(self) -> str:
        """Return what the page is called wherever it is linked to."""
        return _TITLES[self]


_TITLES = {
    InformationPage.CONTACT: "Contact",
    InformationPage.RETURNS: "Delivery and returns",
    InformationPage.PRIVACY: "Privacy",
    InformationPage.TERMS: "Terms",
}
_BY_PATH = {page.path: page for page in InformationPage}


def page_at(path: str) -> InformationPage | None:
    """Return the page at an address, or None."""
    return _BY_PATH.get(path.rstrip("/"))
