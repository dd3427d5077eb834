"""The parts of the settings' page, from the store's name to what its staff must have."""

from typing import Any

import reflex as rx

from shophub.components.admin.basics import admin_button
from shophub.components.admin.order_fields import admin_field
from shophub.components.admin.settings_fields import (
    SettingsBinding,
    choice_box,
    error_of,
    settings_card,
    settings_form,
    switch_row,
)
from shophub.components.admin.settings_local import country_picker
from shophub.components.admin.settings_logo import logo_field
from shophub.components.ui.basics import dialog_button
from shophub.components.ui.icons import icon
from shophub.components.ui.local import Modal
from shophub.lib import ui_admin as ui
from shophub.lib.ui_ids import CURRENCY_DIALOG

TWO = "grid gap-4 sm:grid-cols-2"
SWITCHES = "divide-y divide-line"


def _field(page: SettingsBinding, name: str, label: str, value: Any, **props: Any) -> rx.Component:
    return admin_field(name, label, error=error_of(page, name), default_value=value, **props)


def store_card(page: SettingsBinding) -> rx.Component:
    """Name, logo, and how the shop can be reached."""
    view = page.view
    return settings_card(
        "Store",
        "store",
        settings_form(
            page,
            "store",
            view.store_version,
            _field(page, "store_name", "Name", view.store_name, max_length=60, auto_complete="off",
                   hint="In the header, in titles, in every e-mail and on invoices."),
            logo_field(view.logo_public_id, view.logo_url, error_of(page, "logo_public_id")),
            rx.el.div(
                _field(page, "store_email", "E-mail", view.store_email, type="email", auto_complete="off",
                       hint="Customers' questions come here."),
                _field(page, "store_phone", "Phone", view.store_phone, max_length=40, auto_complete="off"),
                class_name=TWO,
            ),
            _field(page, "store_address", "Address", view.store_address, area=True, rows="3", max_length=400,
                   auto_complete="off", hint="On invoices and on the contact page."),
        ),
    )  # fmt: skip


def tax_card(page: SettingsBinding) -> rx.Component:
    """Currency and tax."""
    view = page.view
    return settings_card(
        "Prices and tax",
        "prices",
        rx.el.form(
            rx.el.div(
                choice_box(
                    "currency",
                    "Currency",
                    rx.foreach(page.currencies, lambda one: rx.el.option(f"{one[1]} ({one[0]})", value=one[0])),
                    default_value=view.currency,
                    custom_attrs={"aria-describedby": "currency-hint"},
                ),
                admin_button("Change…", kind="secondary", type="submit"),
                class_name="grid grid-cols-[minmax(0,1fr)_auto] items-end gap-2 sm:max-w-md",
            ),
            rx.el.p(
                "Of everything that is sold from now on. Orders keep the currency they were made in.",
                id="currency-hint",
                class_name=ui.HINT,
            ),
            rx.cond(
                error_of(page, "currency"),
                rx.el.p(error_of(page, "currency"), role="alert", class_name=ui.FIELD_ERROR),
                None,
            ),
            key="currency-" + view.currency + "-" + page.epoch.to(str),
            on_submit=page.plan_currency,
            class_name="mb-5 border-b border-line pb-5",
            custom_attrs={"aria-label": "Currency"},
        ),
        settings_form(
            page,
            "tax",
            view.tax_version,
            rx.el.div(
                _field(page, "tax_rate_ppm", "Tax rate in percent", view.tax_rate, input_mode="decimal",
                       auto_complete="off", hint="Up to four decimals, such as 8.875. 0 for none."),
                class_name="sm:max-w-xs",
            ),
        ),
        rx.el.div(
            switch_row(page, "prices_include_tax", "Prices include tax",
                       "On: the price on the page is what is paid. Off: tax is added in the cart."),
            switch_row(page, "tax_on_shipping", "Tax on delivery", "Delivery is taxed at the same rate as goods."),
            class_name=f"mt-5 border-t border-line pt-5 {SWITCHES}",
        ),
    )  # fmt: skip


def currency_dialog(page: SettingsBinding) -> rx.Component:
    """What another currency changes, before it does; the safe button comes first."""
    plan = page.plan
    rewritten = rx.el.ul(
        rx.el.li(plan.prices_text, ", the delivery fee and the free-delivery threshold are rewritten."),
        rx.el.li(plan.coupons_text, " with amounts, and what carts remember, are rewritten too."),
        rx.el.li("Figures stay what they are and are rounded where decimals go: ", plan.example, "."),
        class_name="mt-3 grid list-disc gap-1.5 pl-5 text-ink-2",
    )
    relabelled = rx.el.p(
        "Figures stay what they are, no exchange rate is applied: ", plan.example, ".", class_name="mt-3 text-ink-2"
    )
    refusal = rx.el.p(
        icon("alert", "mt-0.5 size-4 shrink-0"),
        rx.el.span(plan.refusal),
        role="alert",
        class_name="mt-4 flex items-start gap-2 rounded-md bg-warning-soft px-3 py-2 text-warning",
    )
    return Modal.create(
        rx.el.h2(f"Sell in {plan.after_name}?", id="currency-title", class_name="text-lg font-semibold"),
        rx.cond(plan.rescales, rewritten, relabelled),
        rx.el.p(
            "Orders that exist keep ", plan.before, "; figures are shown by currency.", class_name="mt-3 text-ink-2"
        ),
        rx.cond(plan.refusal, refusal, None),
        rx.el.div(
            dialog_button(f"Keep {plan.before}", closes=CURRENCY_DIALOG, class_name=ui.BUTTON_SECONDARY),
            rx.cond(
                plan.refusal,
                None,
                admin_button(f"Change to {plan.after}", kind="danger", on_click=page.change_currency),
            ),
            class_name="mt-5 flex flex-wrap justify-end gap-2",
        ),
        id=CURRENCY_DIALOG,
        labelled_by="currency-title",
        class_name=ui.DIALOG,
    )


def delivery_card(page: SettingsBinding) -> rx.Component:
    """Fee, threshold, countries."""
    view = page.view
    return settings_card(
        "Delivery",
        "delivery",
        settings_form(
            page,
            "delivery",
            view.delivery_version,
            rx.el.div(
                _field(page, "shipping_fee_minor", f"Delivery fee ({view.currency})", view.shipping_fee,
                       input_mode="decimal", auto_complete="off", hint="For a whole order. 0 for free."),
                _field(page, "free_shipping_threshold_minor", f"Free from ({view.currency})",
                       view.free_shipping_threshold, input_mode="decimal", auto_complete="off",
                       hint="What an order has to come to. Empty: never free."),
                class_name=TWO,
            ),
            country_picker(view.countries, error_of(page, "ship_to_countries")),
        ),
    )  # fmt: skip


def stock_card(page: SettingsBinding) -> rx.Component:
    """From when on stock is low."""
    view = page.view
    return settings_card(
        "Stock",
        "stock",
        settings_form(
            page,
            "stock",
            view.stock_version,
            rx.el.div(
                _field(page, "low_stock_threshold", "Low stock from", view.low_stock_threshold, input_mode="numeric",
                       auto_complete="off", hint="Shoppers read “Only 3 left”, and the morning's letter names it."),
                class_name="sm:max-w-xs",
            ),
        ),
    )  # fmt: skip


def features_card(page: SettingsBinding) -> rx.Component:
    """What the shop offers."""
    return settings_card(
        "Features",
        "features",
        rx.el.div(
            switch_row(page, "reviews_enabled", "Reviews", "Shoppers read reviews, and buyers write them. "
                       "Off: they are hidden, not deleted."),
            switch_row(page, "wishlist_enabled", "Wishlists", "Hearts beside products, and lists that can be shared."),
            class_name=SWITCHES,
        ),
    )  # fmt: skip


def checkout_card(page: SettingsBinding) -> rx.Component:
    """Who may buy."""
    return settings_card(
        "Checkout",
        "checkout",
        switch_row(page, "guest_checkout_enabled", "Checkout without an account",
                   "Off: shoppers sign in before they pay."),
    )  # fmt: skip


def maintenance_card(page: SettingsBinding) -> rx.Component:
    """Closing the shop, and what is said meanwhile."""
    view = page.view
    return settings_card(
        "Maintenance",
        "maintenance",
        switch_row(page, "maintenance_enabled", "Closed for maintenance",
                   "Everybody but the staff sees a page that says so. Payments that are under way still arrive."),
        rx.el.div(
            settings_form(
                page,
                "maintenance",
                view.maintenance_version,
                _field(page, "maintenance_message", "What the page says", view.maintenance_message, area=True,
                       rows="3", max_length=400,
                       hint="Empty: “We are making a few improvements and will be back soon.”"),
            ),
            class_name="mt-5 border-t border-line pt-5",
        ),
    )  # fmt: skip


def security_card(page: SettingsBinding) -> rx.Component:
    """What the staff must have."""
    return settings_card(
        "Security",
        "security",
        switch_row(page, "admin_two_factor_required", "Second factor for the staff",
                   "Who works here sets one up before the next step. Set up your own first."),
    )  # fmt: skip


def texts_card() -> rx.Component:
    """Where the texts of the shop are changed: in their place."""
    links = (
        ("Contact", "/contact"),
        ("Delivery and returns", "/returns"),
        ("Privacy", "/privacy"),
        ("Terms", "/terms"),
    )
    return settings_card(
        "Texts",
        "texts",
        rx.el.ul(
            *(
                rx.el.li(
                    rx.el.a(
                        label,
                        icon("right", "size-4 text-ink-3"),
                        href=path,
                        class_name="flex min-h-9 items-center justify-between rounded-md px-2 -mx-2 font-medium "
                        "text-ink hover:bg-hover",
                    )
                )
                for label, path in links
            ),
            class_name="grid gap-0.5",
        ),
        lead="Each is changed on its own page, with “Edit text”.",
    )
