"""Addresses, ways back, passwords."""

import pytest

from shophub.domain.common_passwords import COMMON
from shophub.domain.emails import email_key
from shophub.domain.passwords import is_common, require_acceptable, score_password
from shophub.domain.paths import same_origin_path
from shophub.errors import InvalidInputError


def test_spellings_of_one_address_have_one_key() -> None:
    keys = {email_key(email) for email in ("Jane@Example.com", " jane@example.COM ", "JANE@EXAMPLE.COM")}
    assert keys == {"jane@example.com"}
    assert email_key("rene\u0301@example.com") == email_key("REN\u00c9@example.com")


@pytest.mark.parametrize(
    "path", ["/", "/cart", "/products/desk-lamp?Colour=Sand#reviews", "/search?q=a//b", "/orders/SH-1001"]
)
def test_path_of_this_shop_is_kept(path: str) -> None:
    assert same_origin_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        None,
        "",
        "cart",
        "//evil",
        "/\\evil",
        "/a\\b",
        "https://evil",
        "/\t/evil",
        "/\x7f",
        "/auth/logout",
        "/" + "x" * 2000,
    ],
)
def test_anything_else_is_not(path: str | None) -> None:
    assert same_origin_path(path, otherwise="/home") == "/home"


def test_the_list_is_a_few_hundred_and_in_the_form_that_is_compared() -> None:
    assert 500 < len(COMMON) < 2_000
    assert all(word == word.casefold() for word in COMMON)


@pytest.mark.parametrize(
    ("password", "score"),
    [
        ("short", 0),
        ("password123", 0),
        ("PaSsWoRd", 0),
        ("p@ssw0rd", 0),
        ("abcabcabcabc", 0),
        ("qwertyuiop", 0),
        ("987654321", 0),
        ("summer2024", 1),
        ("xk29fjq0", 1),
        ("correcthorse", 2),
        ("blue kettle sings", 4),
        ("ñandú über 日本", 3),
    ],
)
def test_score_says_how_good_a_password_is(password: str, score: int) -> None:
    assert score_password(password).score == score


def test_owners_name_counts_for_nothing() -> None:
    assert score_password("adashopper1", about=("Ada Shopper", "ada.shopper")).score == 0
    assert score_password("adashopper1").score > 0


def test_common_words_inside_a_longer_password_are_no_reason() -> None:
    assert not is_common("dragon under my bicycle")


@pytest.mark.parametrize("password", ["", "1234567", "letmein1", "x" * 129])
def test_refusal_says_which_field(password: str) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        require_acceptable(password)
    assert set(refusal.value.fields) == {"password"}
