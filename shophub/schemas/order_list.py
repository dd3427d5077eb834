"""The staff's list of orders as its page shows it."""

from dataclasses import dataclass

from shophub.domain.statuses import OrderStatus, PaymentStatus
from shophub.lib.tables import ColumnSpec, FilterSpec, TableSpec, TabSpec

NEEDS_REVIEW = "review"
DAYS = {"1": "Last 24 hours", "7": "Last 7 days", "30": "Last 30 days", "365": "Last 12 months"}

ORDER_TABLE = TableSpec(
    name="orders",
    path="/admin/orders",
    columns=(
        ColumnSpec("order", "Order", is_fixed=True),
        ColumnSpec("placed", "Placed", sort="moment", descends_first=True),
        ColumnSpec("customer", "Customer"),
        ColumnSpec("status", "Status"),
        ColumnSpec("payment", "Payment"),
        ColumnSpec("items", "Items", is_number=True),
        ColumnSpec("total", "Total", sort="number", descends_first=True, is_number=True),
        ColumnSpec("country", "Ships to", is_shown=False),
    ),
    default_sort="-placed",
    tabs=(
        TabSpec("", "All"),
        TabSpec(NEEDS_REVIEW, "Needs review"),
        TabSpec(OrderStatus.PENDING.value, "Waiting for payment"),
        TabSpec(OrderStatus.PROCESSING.value, "To ship"),
        TabSpec(OrderStatus.SHIPPED.value, "On its way"),
        TabSpec(OrderStatus.DELIVERED.value, "Delivered"),
        TabSpec(OrderStatus.CANCELLED.value, "Cancelled"),
    ),
    filters=(
        FilterSpec(
            "payment",
            "Payment",
            (
                (PaymentStatus.PAID.value, "Paid"),
                (PaymentStatus.PARTIALLY_REFUNDED.value, "Partly refunded"),
                (PaymentStatus.REFUNDED.value, "Refunded"),
                (PaymentStatus.PENDING.value, "Pending"),
                (PaymentStatus.PROCESSING.value, "Processing"),
                (PaymentStatus.FAILED.value, "Failed"),
            ),
        ),
        FilterSpec("days", "Placed", tuple(DAYS.items())),
    ),
    search="Order number, e-mail or SKU",
    export_path="/admin/orders.csv",
)


@dataclass(frozen=True)
class OrderLineItem:
    """An order in the list."""

    id: str = ""
    number: str = ""
    url: str = ""
    customer: str = ""
    email: str = ""
    status_text: str = ""
    status_tone: str = "neutral"
    payment_text: str = ""
    payment_tone: str = "neutral"
    needs_review: bool = False
    items_text: str = ""
    total_text: str = ""
    refunded_text: str = ""
    country: str = ""
    placed_iso: str = ""
    placed_text: str = ""
    placed_title: str = ""
