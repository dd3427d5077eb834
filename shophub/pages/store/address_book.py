"""``/account/addresses``"""

import reflex as rx

from shophub.components.store.address_book import AddressBookEvents, AddressEntry, address_cards, address_entry
from shophub.pages.store.account_layout import account_page
from shophub.state.store.address_book import MAX_ADDRESSES, NEW, PAGE, AddressBookState

EVENTS = AddressBookEvents(
    begin=AddressBookState.begin,
    leave=AddressBookState.leave,
    save=AddressBookState.save,
    remove=AddressBookState.remove,
    make_default=AddressBookState.make_default,
)


def addresses() -> rx.Component:
    """Where the customer's orders go."""
    state = AddressBookState
    entry = AddressEntry(
        view=state.entry,
        errors=state.errors,
        problems=state.problems,
        message=state.message,
        countries=state.countries,
        form_key=state.form_key,
        is_new=state.editing == NEW,
        is_busy=state.is_saving,
    )
    title = rx.cond(state.editing == "", "Addresses", rx.cond(entry.is_new, "New address", "Edit address"))
    is_wrong = (state.problems.length() > 0) | (state.message != "")
    return account_page(
        PAGE,
        rx.cond(
            state.editing == "",
            address_cards(state.addresses, EVENTS, most=MAX_ADDRESSES),
            address_entry(entry, EVENTS),
        ),
        loaded=state.loaded,
        title=rx.cond(is_wrong & (state.editing != ""), "Error: " + title, title),
        fallback=2,
    )
