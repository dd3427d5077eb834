"""The demo store's people: its three accounts, the customers who buy and review, a few guests."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from shophub.domain.emails import email_key
from shophub.domain.statuses import AddressType, Role
from shophub.services.demo.catalog_data import DemoReviewer
from shophub.services.demo.chance import chance_for, demo_id

OWNER, JANE, TESTER = "john@example.com", "jane@example.com", "test@example.com"
ACCOUNTS = ((OWNER, "John Miller", Role.SUPER_ADMIN), (JANE, "Jane Cooper", Role.CUSTOMER),
            (TESTER, "Test Shopper", Role.CUSTOMER))  # fmt: skip
ACCOUNTS_AGE = timedelta(days=420)
GUESTS = ("Erika Lund", "Wesley Grant", "Paloma Reyes", "Noah Fitch", "Clara Bisset", "Tobias Renner", "Maeve Nolan",
          "Dario Conti", "Lucy Hargreaves", "Felix Amado")  # fmt: skip
STREETS = ("Willow Street", "Harbour Road", "Maple Avenue", "Station Road", "Orchard Lane", "Mill Street",
           "Chapel Hill", "Garden Row", "Bridge Street", "Linden Avenue")  # fmt: skip
# City, state, postal code, country.
PLACES = (
    ("Portland", "OR", "97205", "US"), ("Austin", "TX", "78701", "US"), ("Chicago", "IL", "60607", "US"),
    ("Seattle", "WA", "98101", "US"), ("Brooklyn", "NY", "11201", "US"), ("Denver", "CO", "80202", "US"),
    ("Madison", "WI", "53703", "US"), ("Savannah", "GA", "31401", "US"), ("Toronto", "ON", "M5V 2T6", "CA"),
    ("Montréal", "QC", "H2Y 1C6", "CA"), ("Bristol", "", "BS1 4DJ", "GB"), ("Leeds", "", "LS1 4AP", "GB"),
    ("Berlin", "", "10115", "DE"), ("Lyon", "", "69002", "FR"), ("Utrecht", "", "3511 AD", "NL"),
    ("Dublin", "", "D02 XE80", "IE"),
)  # fmt: skip
SHIP_TO = ("US", "CA", "GB", "IE", "DE", "FR", "ES", "IT", "NL", "SE", "DK", "AU")


@dataclass(frozen=True)
class Person:
    """Somebody who buys. A guest has no account. ``address`` is as an order keeps it."""

    name: str
    email: str
    address: Mapping[str, str]
    has_account: bool = True

    @property
    def email_key(self) -> str:
        """Return the address in the form that identifies a customer."""
        return email_key(self.email)

    @property
    def short_name(self) -> str:
        """Return the name as it stands beside a review: ``Mara L.``"""
        first, *rest = self.name.split()
        return f"{first} {rest[-1][0]}." if rest else first


def customers(reviewers: Sequence[DemoReviewer]) -> list[Person]:
    """Return everybody with an account who buys; Jane is the first."""
    jane = next(name for email, name, _ in ACCOUNTS if email == JANE)
    return [_person(jane, JANE), *(_person(one.name, one.email) for one in reviewers)]


def guests() -> list[Person]:
    """Return those who buy without an account."""
    return [_person(name, f"{name.lower().replace(' ', '.')}@mail.example", has_account=False) for name in GUESTS]


def _person(name: str, email: str, *, has_account: bool = True) -> Person:
    chance = chance_for("home", email)
    city, state, zip_code, country = chance.choice(PLACES) if email != JANE else PLACES[0]
    address = {
        "full_name": name,
        "address": f"{chance.randint(2, 240)} {chance.choice(STREETS)}",
        "address2": "",
        "city": city,
        "state": state,
        "zip_code": zip_code,
        "country": country,
        "phone": "",
    }
    return Person(name, email, address, has_account)


def user_id(email: str, now: datetime) -> UUID:
    """Return the id of an account."""
    return demo_id("user", email, now - ACCOUNTS_AGE)


def user_rows(people: Sequence[Person], joined: Mapping[str, datetime], password_hash: str, now: datetime) -> list[Any]:
    """Return the accounts. Only the three that are written down have a password."""
    founded = now - ACCOUNTS_AGE
    rows = [_user_row(email, name, role, password_hash, founded, now) for email, name, role in ACCOUNTS]
    named = {email for email, _, _ in ACCOUNTS}
    rows += [
        _user_row(one.email, one.name, Role.CUSTOMER, None, joined.get(one.email, founded), now)
        for one in people
        if one.has_account and one.email not in named
    ]
    return rows


def _user_row(
    email: str, name: str, role: Role, password_hash: str | None, joined_at: datetime, now: datetime
) -> dict[str, Any]:
    return {
        "id": user_id(email, now),
        "email": email,
        "full_name": name,
        "password_hash": password_hash,
        "role": role.value,
        "email_verified_at": joined_at + timedelta(minutes=4),
        "accepts_marketing": chance_for("marketing", email).random() < 0.3,
        "created_at": joined_at,
        "updated_at": joined_at,
    }


def address_rows(people: Sequence[Person], now: datetime) -> list[dict[str, Any]]:
    """Return Jane's address book: home, the default, and her office."""
    jane = next(one for one in people if one.email == JANE)
    office = {**jane.address, "address": "500 SW Fifth Avenue", "address2": "Floor 3", "zip_code": "97204"}
    return [
        {
            "id": demo_id("address", label, now - ACCOUNTS_AGE),
            "user_id": user_id(JANE, now),
            "type": kind.value,
            "label": label,
            **address,
            "phone": "+1 503 555 0142",
            "is_default": kind is AddressType.HOME,
            "created_at": now - ACCOUNTS_AGE,
            "updated_at": now - ACCOUNTS_AGE,
        }
        for label, kind, address in (("Home", AddressType.HOME, jane.address), ("Office", AddressType.SHIPPING, office))
    ]
