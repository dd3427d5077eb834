"""Hearts and the parts of a review's form (``assets/wish_heart.jsx``, ``assets/review_form.jsx``)."""

import reflex as rx


def _pressed_heart(product: rx.Var[str], is_wished: rx.Var[bool]) -> tuple[rx.Var[str], rx.Var[bool]]:
    return product, is_wished


class WishHearts(rx.Component):
    """Binds all hearts of a page; once per page. ``answered`` is the product that the last answer was about."""

    library = "$/public/wish_heart.jsx"
    tag = "WishHearts"
    ids: rx.Var[tuple[str, ...]]
    is_on: rx.Var[bool]
    can_wish: rx.Var[bool]
    answered: rx.Var[str]
    epoch: rx.Var[int]
    on_toggle: rx.EventHandler[_pressed_heart]


class WishHeart(rx.Component):
    """A heart on a product; it shows what ``WishHearts`` knows of it."""

    library = "$/public/wish_heart.jsx"
    tag = "WishHeart"
    product: rx.Var[str]
    name: rx.Var[str]
    icon: rx.Var[str]


class StarChoice(rx.Component):
    """One to five stars as radio buttons of a form."""

    library = "$/public/review_form.jsx"
    tag = "StarChoice"
    name: rx.Var[str]
    legend: rx.Var[str]
    value: rx.Var[int]
    words: rx.Var[list[str]]
    error: rx.Var[str]


class CountedText(rx.Component):
    """A text of several lines that says how many characters are left."""

    library = "$/public/review_form.jsx"
    tag = "CountedText"
    name: rx.Var[str]
    label: rx.Var[str]
    value: rx.Var[str]
    maximum: rx.Var[int]
    rows: rx.Var[int]
    hint: rx.Var[str]
    error: rx.Var[str]


class CountedToggle(rx.Component):
    """A button that is on or off and counts; ``epoch`` changes with every answer of the server."""

    library = "$/public/review_form.jsx"
    tag = "CountedToggle"
    pressed: rx.Var[bool]
    count: rx.Var[int]
    epoch: rx.Var[int]
    label: rx.Var[str]
    on_press: rx.EventHandler[rx.event.passthrough_event_spec(bool)]
