"""Drawing an invoice: A4, as many pages as it takes, the shop's colours, Latin, Greek and Cyrillic letters.

fpdf2 (https://py-pdf.github.io/fpdf2/) draws; Fira Sans comes from a Python package. Everything that people typed goes
through ``_clean``: what the typeface cannot draw becomes a question mark, and no text is longer than a page can take.
"""

import io
import unicodedata
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import Align, MethodReturnValue, XPos, YPos
from fpdf.fonts import TTFFont
from PIL import Image, UnidentifiedImageError

from shophub.schemas.invoices import Invoice, InvoiceLine, InvoiceSum
from shophub.services.emails.palette import LIGHT

FONT = "Fira Sans"
FONT_FILES = {"": "FiraSans-Regular.ttf", "B": "FiraSans-SemiBold.ttf"}
MARGIN_MM = 18
LINE_MM = 5
LOGO_MM = 12
MAX_TEXT = 300
UNKNOWN = "?"
# Stands for the number of pages until they are known. No customer can write it: the typeface does not have it.
TOTAL_PAGES = "\ue000"
# Millimetres per column; the name takes what is left.
_AMOUNT_MM = 26
_QUANTITY_MM = 14


def render(invoice: Invoice, logo: bytes = b"") -> bytes:
    """Return the invoice as a PDF, under the store's logo or its name. The same invoice gives the same bytes."""
    pdf = _Pdf(invoice, _picture(logo))
    try:
        pdf.draw()
        return bytes(pdf.output())
    finally:
        _close(pdf)


def _picture(logo: bytes) -> Image.Image | None:
    """Return the logo, drawn on white, or nothing where it cannot be read."""
    if not logo:
        return None
    try:
        with Image.open(io.BytesIO(logo)) as opened:
            drawn = opened.convert("RGBA")
    except (UnidentifiedImageError, OSError):
        return None
    white = Image.new("RGBA", drawn.size, "white")
    return Image.alpha_composite(white, drawn).convert("RGB")


def can_draw(text: str) -> bool:
    """Return whether the typeface has every character of ``text``."""
    return all(ord(character) in _characters() for character in text)


@lru_cache(maxsize=1)
def _characters() -> frozenset[int]:
    """Return what all styles of the typeface have."""
    pdf = FPDF()
    for style, name in FONT_FILES.items():
        pdf.add_font(FONT, style, _font_path(name))
    fonts = [font for font in pdf.fonts.values() if isinstance(font, TTFFont)]
    known = frozenset.intersection(*(frozenset(font.cmap) for font in fonts))
    _close(pdf)
    return known


def _close(pdf: FPDF) -> None:
    """Close the typeface's files, which fpdf2 does only at the end of a document that came to be."""
    for font in pdf.fonts.values():
        if isinstance(font, TTFFont):
            font.close()


def _font_path(name: str) -> Path:
    return Path(str(files("fontpkg_fira_sans") / "files" / name))


def _clean(text: str) -> str:
    """Return what can be printed of a text: composed, on one line, of bounded length."""
    line = " ".join(unicodedata.normalize("NFC", text).split())
    if len(line) > MAX_TEXT:
        line = line[: MAX_TEXT - 1] + "…"
    return "".join(character if ord(character) in _characters() else UNKNOWN for character in line)


def _rgb(name: str) -> tuple[int, int, int]:
    colour = LIGHT[name]
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


class _Pdf(FPDF):
    """One invoice on its pages."""

    def __init__(self, invoice: Invoice, logo: Image.Image | None) -> None:
        super().__init__(format="A4")
        self._invoice = invoice
        self._logo = logo
        for style, name in FONT_FILES.items():
            self.add_font(FONT, style, _font_path(name))
        self.set_margin(MARGIN_MM)
        self.c_margin = 0.0
        self.set_auto_page_break(False)
        self.alias_nb_pages(TOTAL_PAGES)
        self.set_title(f"Invoice {invoice.number}")
        self.set_author(_clean(invoice.store_name))
        self.set_lang("en")
        self.set_creation_date(invoice.issued_at)
        self._columns = _columns(invoice, self.epw)

    def draw(self) -> None:
        """Draw everything."""
        self.add_page()
        self._draw_parties()
        self._draw_table_head()
        for line in self._invoice.lines:
            self._draw_line(line)
        self._draw_sums()

    def header(self) -> None:
        """Begin a page: the store and the invoice's number."""
        width = self.epw * 0.6
        if self._logo is None:
            name = _clean(self._invoice.store_name)
            self._style("ink", 20, "B")
            height = 9 * self._line_count(name, width)
            self.multi_cell(width, 9, name, align=Align.L, new_x=XPos.RIGHT, new_y=YPos.TOP)
        else:
            height = LOGO_MM
            across = min(LOGO_MM * self._logo.width / self._logo.height, width)
            self.image(
                self._logo,
                self.l_margin,
                self.t_margin,
                across,
                LOGO_MM,
                keep_aspect_ratio=True,
                alt_text=_clean(self._invoice.store_name),
            )
            self.set_x(self.l_margin + width)
        self._style("ink2", 10)
        self.cell(self.epw - width, 9, f"Invoice {self._invoice.number}", align=Align.R)
        self.set_y(self.t_margin + height + 5)

    def footer(self) -> None:
        """End a page with its number."""
        self.set_y(-MARGIN_MM + 4)
        self._style("ink3", 8)
        self.cell(self.epw, 4, f"Page {self.page_no()} of {TOTAL_PAGES}", align=Align.R)

    def _line_count(self, text: str, width: float) -> int:
        """Return on how many lines a text stands in the present style."""
        lines = self.multi_cell(width, LINE_MM, text, dry_run=True, output=MethodReturnValue.LINES)
        return max(1, len(lines)) if isinstance(lines, list) else 1

    def _style(self, colour: str, size: float, style: str = "") -> None:
        self.set_font(FONT, style, size)
        self.set_text_color(*_rgb(colour))

    def _draw_parties(self) -> None:
        """Draw who sells, who buys, and when."""
        invoice, top, half = self._invoice, self.get_y(), self.epw / 2 - 5
        blocks = (
            ("From", (invoice.store_name, *invoice.store_lines)),
            ("Delivered to", invoice.customer_lines),
        )
        bottom = top
        for place, (title, lines) in enumerate(blocks):
            left = self.l_margin + place * (half + 10)
            self.set_xy(left, top)
            self._style("ink3", 9)
            self.cell(half, LINE_MM, title, new_x=XPos.LEFT, new_y=YPos.NEXT)
            self._style("ink", 10)
            for line in lines:
                self.multi_cell(half, LINE_MM, _clean(line), align=Align.L, new_x=XPos.LEFT, new_y=YPos.NEXT)
            bottom = max(bottom, self.get_y())
        self.set_xy(self.l_margin, bottom + 6)
        facts = (("Order", invoice.number), ("Date", invoice.date_text), ("Payment", invoice.payment_text))
        for label, _ in facts:
            self._style("ink3", 9)
            self.cell(self.epw / len(facts), LINE_MM, label)
        self.ln(LINE_MM)
        for _, value in facts:
            self._style("ink", 10, "B")
            self.cell(self.epw / len(facts), LINE_MM, _clean(value))
        self.ln(LINE_MM + 8)

    def _draw_table_head(self) -> None:
        self._style("ink3", 9)
        for title, width in self._columns:
            self.cell(width, LINE_MM + 2, title, align=Align.L if title == "Item" else Align.R)
        self.ln(LINE_MM + 2)
        self._rule()

    def _draw_line(self, line: InvoiceLine) -> None:
        """Draw a bought line whole: where it does not fit, it begins the next page."""
        width = self._columns[0][1] - 4
        name, details = _clean(line.name), _clean(line.details)
        self._style("ink", 10)
        height = float(LINE_MM * self._line_count(name, width))
        self._style("ink2", 8)
        height += 4.0 * self._line_count(details, width)
        if self._is_full(height + 5):
            self.add_page()
            self._draw_table_head()
        top = self.get_y() + 2
        self.set_xy(self.l_margin, top)
        self._style("ink", 10)
        self.multi_cell(width, LINE_MM, name, align=Align.L, new_x=XPos.LEFT, new_y=YPos.NEXT)
        self._style("ink2", 8)
        self.multi_cell(width, 4, details, align=Align.L, new_x=XPos.LEFT, new_y=YPos.NEXT)
        bottom = self.get_y()
        self.set_xy(self.l_margin + self._columns[0][1], top)
        texts = _cells(line)
        for title, column in self._columns[1:]:
            self._amount(column, texts[title])
        self.set_xy(self.l_margin, bottom + 2)
        self._rule()

    def _draw_sums(self) -> None:
        """Draw the sums together, on a new page if need be."""
        sums, width = self._invoice.sums, self.epw / 2
        if self._is_full(len(sums) * 6 + 20):
            self.add_page()
        self.ln(4)
        for row in sums:
            if self._is_full(6):  # an order can have been refunded in very many parts
                self.add_page()
            self._draw_sum(row, width)
        if self._invoice.tax_note:
            self.ln(4)
            self._style("ink3", 9)
            self.cell(self.epw, LINE_MM, self._invoice.tax_note, align=Align.R)

    def _draw_sum(self, row: InvoiceSum, width: float) -> None:
        self.set_x(self.l_margin + self.epw - width)
        style = "B" if row.is_strong else ""
        self._style("ink" if row.is_strong else "ink2", 10, style)
        self._fitted(width - 40, 6, _clean(row.label), Align.L, style)
        self._fitted(40, 6, _clean(row.amount_text), Align.R, style)
        self.ln(6)

    def _amount(self, width: float, text: str) -> None:
        self._style("ink", 10)
        self._fitted(width, LINE_MM, _clean(text), Align.R, "")

    def _fitted(self, width: float, height: float, text: str, align: Align, style: str) -> None:
        """Draw a text on one line, in a smaller size where it is wider than its cell."""
        size = 10.0
        while size > 5 and self.get_string_width(text) > width - 2:
            size -= 0.5
            self.set_font(FONT, style, size)
        self.cell(width, height, text, align=align)

    def _is_full(self, height: float) -> bool:
        return self.get_y() + height > self.h - MARGIN_MM

    def _rule(self) -> None:
        self.set_draw_color(*_rgb("line"))
        self.set_line_width(0.2)
        self.line(self.l_margin, self.get_y(), self.l_margin + self.epw, self.get_y())


def _columns(invoice: Invoice, width: float) -> list[tuple[str, float]]:
    """Return titles and widths. A column that would be empty all the way down is left out."""
    amounts = ["Price"]
    if any(line.discount_text for line in invoice.lines):
        amounts.append("Discount")
    if any(line.tax_text for line in invoice.lines):
        amounts.append("Tax")
    amounts.append("Total")
    each = _AMOUNT_MM if len(amounts) < 4 else _AMOUNT_MM - 2
    first = width - _QUANTITY_MM - each * len(amounts)
    return [("Item", first), ("Quantity", _QUANTITY_MM), *((title, each) for title in amounts)]


def _cells(line: InvoiceLine) -> dict[str, str]:
    return {
        "Quantity": str(line.quantity),
        "Price": line.price_text,
        "Discount": line.discount_text,
        "Tax": line.tax_text,
        "Total": line.total_text,
    }
