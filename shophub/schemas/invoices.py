"""What an invoice says, in texts ready to print."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class InvoiceLine:
    """A bought variant. Texts that do not apply are empty."""

    name: str
    details: str
    quantity: int
    price_text: str
    discount_text: str
    tax_text: str
    total_text: str


@dataclass(frozen=True)
class InvoiceSum:
    """A row below the lines."""

    label: str
    amount_text: str
    is_strong: bool = False


@dataclass(frozen=True)
class Invoice:
    """The invoice of one order: the same order always gives the same."""

    number: str
    date_text: str
    store_name: str
    store_lines: tuple[str, ...]
    customer_lines: tuple[str, ...]
    payment_text: str
    lines: tuple[InvoiceLine, ...]
    sums: tuple[InvoiceSum, ...]
    tax_note: str
    issued_at: datetime
    logo_public_id: str = ""

    @property
    def file_name(self) -> str:
        """Return the name that the file is offered under."""
        return f"invoice-{self.number}.pdf"
