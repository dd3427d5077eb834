"""The parts of the back office and who may use them."""

import pytest

from shophub.domain.admin_sections import ACTIONS, SECTIONS, may_open, section_at, sections_for
from shophub.domain.permissions import STAFF_ONLY, may
from shophub.domain.statuses import Role


def test_every_part_is_for_the_staff_alone() -> None:
    assert {one.permission for one in (*SECTIONS, *ACTIONS)} <= STAFF_ONLY
    assert sections_for(None) == sections_for(Role.CUSTOMER) == ()


@pytest.mark.parametrize("role", [Role.ADMIN, Role.SUPER_ADMIN])
def test_staff_are_shown_what_they_may_open(role: Role) -> None:
    assert [one.path for one in sections_for(role)] == [one.path for one in SECTIONS if may_open(role, one.path)]
    assert [one for one in SECTIONS if may(role, one.permission)] == list(sections_for(role))


def test_page_below_a_part_belongs_to_it() -> None:
    below = section_at("/admin/products/0193b4f0/history")

    assert below is not None
    assert below.path == "/admin/products"
    assert section_at("/admin/productsandmore") is None


def test_pages_of_no_part_are_for_the_staff() -> None:
    assert may_open(Role.ADMIN, "/admin/somewhere")
    assert not may_open(Role.CUSTOMER, "/admin/somewhere")
    assert not may_open(None, "/admin")
