"""Invoices: what they say, that nothing a customer wrote can spoil them, and who gets one."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from uuid import UUID, uuid4

import pytest
from PIL import Image
from pypdf import PdfReader
from sqlmodel import select

from shophub.db import AsyncSession
from shophub.domain.statuses import PaymentStatus, RefundStatus, Role
from shophub.errors import OrderNotFoundError
from shophub.models.orders import Order, OrderLine
from shophub.models.payments import Payment, Refund
from shophub.schemas.accounts import UserView, Visitor
from shophub.schemas.invoices import Invoice
from shophub.services import guest_orders, invoice_pdf, invoices
from tests.factories import make_order, make_user

PLACED = datetime(2026, 11, 5, 9, 30, tzinfo=UTC)


def signed_in(user_id: UUID, role: Role = Role.CUSTOMER) -> Visitor:
    return Visitor(user=UserView(user_id, "somebody@example.com", "Some Body", role, is_email_verified=True))


STAFF = signed_in(uuid4(), Role.ADMIN)


async def invoice_of(session: AsyncSession, order: Order) -> Invoice:
    return await invoices.get_invoice(session, f"SH-{order.number}", STAFF)


async def pages_of(session: AsyncSession, order: Order) -> list[str]:
    pdf = await invoices.render(await invoice_of(session, order))
    return [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]


async def lines_of(session: AsyncSession, order: Order) -> Sequence[OrderLine]:
    return (await session.exec(select(OrderLine).where(OrderLine.order_id == order.id))).all()


async def test_invoice_says_who_sold_what_to_whom_for_how_much(session: AsyncSession) -> None:
    order = await make_order(session, discount_minor=500, placed_at=PLACED, email="ada@example.com")
    order.coupon_code = "WELCOME10"
    (line,) = await lines_of(session, order)
    line.discount_minor, line.total_minor = 500, 3_500
    session.add_all([order, line])
    await session.flush()

    (page,) = await pages_of(session, order)

    for part in (
        f"Invoice SH-{order.number}",
        "5 Nov 2026",
        "ShopHub",
        "Ada Shopper",
        "1 Market Street",
        "San Francisco, CA 94105",
        "United States",
        "ada@example.com",
        "Desk Lamp",
        f"Size: M · Colour: Sand · {line.sku}",
        "2 $20.00 −$5.00 $35.00",
        "Subtotal $40.00",
        "Discount (WELCOME10) −$5.00",
        "Delivery $10.00",
        "Total $45.00",
        "Paid",
        "Page 1 of 1",
    ):
        assert part in page
    assert "tax" not in page.lower()
    assert "Refunded" not in page


async def test_added_tax_is_a_column_and_a_sum(session: AsyncSession) -> None:
    order = await make_order(session)
    order.tax_minor, order.total_minor = 330, 5_330
    (line,) = await lines_of(session, order)
    line.tax_minor, line.total_minor = 330, 4_330
    session.add_all([order, line])
    await session.flush()

    (page,) = await pages_of(session, order)

    assert "Item Quantity Price Tax Total" in page
    assert "2 $20.00 $3.30 $43.30" in page
    assert "Tax $3.30\nTotal $53.30" in page
    assert "include tax" not in page


async def test_included_tax_is_named_and_not_added(session: AsyncSession) -> None:
    order = await make_order(session)
    order.tax_minor, order.tax_included = 330, True
    session.add(order)
    await session.flush()

    (page,) = await pages_of(session, order)

    assert "Total $50.00\nTax included $3.30" in page
    assert "All prices include tax." in page


async def test_refunds_are_listed_with_what_is_left(session: AsyncSession) -> None:
    order = await make_order(session, payment_status=PaymentStatus.PARTIALLY_REFUNDED)
    payment = Payment(
        order_id=order.id,
        stripe_payment_intent_id=f"pi_{order.number}",
        revision=1,
        amount_minor=5_000,
        currency="USD",
        refunded_minor=1_500,
        pending_minor=1_000,
    )
    order.refunded_minor = 1_500
    session.add_all([order, payment])
    await session.flush()
    for amount, status in ((1_500, RefundStatus.SUCCEEDED), (1_000, RefundStatus.PENDING), (900, RefundStatus.FAILED)):
        session.add(
            Refund(
                payment_id=payment.id,
                order_id=order.id,
                amount_minor=amount,
                currency="USD",
                status=status,
                created_at=PLACED,
                ended_at=None if status is RefundStatus.PENDING else PLACED,
            )
        )
    await session.flush()

    (page,) = await pages_of(session, order)

    assert "Partly refunded" in page
    assert "Refunded on 5 Nov 2026 −$15.00\nTotal after refunds $35.00" in page
    assert page.count("Refunded on") == 1


@pytest.mark.parametrize(
    ("currency", "price", "total"),
    [("JPY", "¥2,000", "¥5,000"), ("KWD", "KWD2.000", "KWD5.000"), ("EUR", "€20.00", "€50.00")],
)
async def test_currency_keeps_its_decimals(session: AsyncSession, currency: str, price: str, total: str) -> None:
    order = await make_order(session, currency=currency)

    (page,) = await pages_of(session, order)

    text = page.replace("\xa0", "")
    assert f"2 {price} " in text
    assert f"Total {total}" in text


async def test_currency_without_a_sign_in_the_typeface_is_named_by_its_code(session: AsyncSession) -> None:
    assert invoices.money(1_234, "PHP") == "12.34 PHP"
    assert invoices.money(1_234, "USD") == "$12.34"


async def test_hundred_lines_take_several_pages_and_none_is_lost(session: AsyncSession) -> None:
    order = await make_order(session)
    (first,) = await lines_of(session, order)
    copied = first.model_dump(exclude={"id", "position", "name"})
    session.add_all(OrderLine(**copied, position=place, name=f"Thing {place:03}") for place in range(1, 101))
    await session.flush()

    pages = await pages_of(session, order)

    assert len(pages) > 3
    whole = "\n".join(pages)
    assert [f"Thing {place:03}" in whole for place in range(1, 101)] == [True] * 100
    for number, page in enumerate(pages, 1):
        assert f"Invoice SH-{order.number}" in page
        assert f"Page {number} of {len(pages)}" in page
    assert [page.count("Item Quantity") for page in pages[:-1]] == [1] * (len(pages) - 1)
    assert "Total $50.00" in pages[-1]


@pytest.mark.parametrize("name", ["Ελένη Παπαδοπούλου", "Дмитрий Щербаков", "Łucja Ærøskøbing Ÿ", "Zoë Brontë"])
async def test_names_in_latin_greek_and_cyrillic_are_printed(session: AsyncSession, name: str) -> None:
    order = await make_order(session, name=name)
    order.shipping_address = {**order.shipping_address, "full_name": name}
    session.add(order)
    await session.flush()

    (page,) = await pages_of(session, order)

    assert page.count(name) == 2


async def test_what_the_typeface_lacks_and_endless_or_wild_text_spoil_nothing(
    session: AsyncSession, caplog: pytest.LogCaptureFixture
) -> None:
    order = await make_order(session, name="W" * 200)
    order.coupon_code = "C" * 200
    order.shipping_address = {
        **order.shipping_address,
        "full_name": "山田太郎 😀 {nb} \ue000",
        "address": "x" * 2_000,
        "city": "a\n\n\n\tb\x07c <b>**d**</b>",
    }
    session.add(order)
    await session.flush()

    (page,) = await pages_of(session, order)

    assert "???? ? {nb} ?" in page
    assert page.replace("\n", "").count("W") == 200
    assert page.replace("\n", "").count("x") < 400
    assert "a b?c <b>**d**</b>, CA 94105" in page
    assert "Total $50.00" in page
    assert caplog.records == []  # fpdf2 writes what it cannot draw, a customer's name, into the log


async def test_same_order_gives_the_same_file(session: AsyncSession) -> None:
    order = await make_order(session)

    first = await invoices.render(await invoice_of(session, order))
    again = await invoices.render(await invoice_of(session, order))

    assert first == again
    assert first.startswith(b"%PDF-")


async def test_logo_stands_in_the_place_of_the_name_and_an_unreadable_one_does_not(session: AsyncSession) -> None:
    invoice = await invoice_of(session, await make_order(session))
    picture = BytesIO()
    Image.new("RGBA", (240, 80), (27, 98, 118, 128)).save(picture, "WEBP")

    drawn, unreadable, plain = (invoice_pdf.render(invoice, logo) for logo in (picture.getvalue(), b"<svg/>", b""))

    page = PdfReader(BytesIO(drawn)).pages[0]
    assert [image.image.size for image in page.images if image.image] == [(240, 80)]
    assert page.extract_text().count(invoice.store_name) == 1
    assert unreadable == plain
    assert PdfReader(BytesIO(plain)).pages[0].extract_text().count(invoice.store_name) == 2


async def test_invoice_comes_without_the_logo_where_that_is_out_of_reach(session: AsyncSession) -> None:
    invoice = await invoice_of(session, await make_order(session))

    pdf = await invoices.render(replace(invoice, logo_public_id="logos/nowhere"))

    assert PdfReader(BytesIO(pdf)).pages[0].extract_text().count(invoice.store_name) == 2


async def test_invoice_of_another_customer_is_not_found(session: AsyncSession) -> None:
    """Known failure 31: another customer's order opens by its number; a guest's by counting upward."""
    owner, other = await make_user(session), await make_user(session)
    order, of_guest = await make_order(session, user=owner), await make_order(session)
    token = guest_orders.link(of_guest.number, of_guest.placed_at).partition("token=")[2]
    cookie = f"{guest_orders.cookie_name(of_guest.number)}={token}"
    as_owner, as_other = signed_in(owner.id), signed_in(other.id)

    for visitor, cookies in ((Visitor(), ""), (as_other, ""), (as_other, cookie)):
        with pytest.raises(OrderNotFoundError):
            await invoices.get_invoice(session, f"SH-{order.number}", visitor, cookies)
    with pytest.raises(OrderNotFoundError):
        await invoices.get_invoice(session, f"SH-{of_guest.number}", as_other)

    assert (await invoices.get_invoice(session, f"SH-{order.number}", as_owner)).number == f"SH-{order.number}"
    by_link = await invoices.get_invoice(session, f"SH-{of_guest.number}", Visitor(), cookie)
    assert replace(by_link, lines=()) == replace(await invoice_of(session, of_guest), lines=())
