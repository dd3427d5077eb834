"""How good a password is, while it is typed."""

import reflex as rx

# What each of the four bars looks like by score; whole literals, so that Tailwind finds them.
_BAR = "h-1.5 flex-1 rounded-full transition-colors duration-150"
_EMPTY = f"{_BAR} bg-line"
_FILLED = (
    (0, f"{_BAR} bg-line"),
    (1, f"{_BAR} bg-danger"),
    (2, f"{_BAR} bg-warning"),
    (3, f"{_BAR} bg-success"),
    (4, f"{_BAR} bg-success"),
)


def password_meter(score: rx.Var[int], label: rx.Var[str], advice: rx.Var[str]) -> rx.Component:
    """Four bars, the word for them, and what would help. Its height does not change, so nothing below moves."""
    filled = rx.match(score, *_FILLED, _EMPTY)
    return rx.el.div(
        rx.el.div(
            *(rx.el.div(class_name=rx.cond(score >= place, filled, _EMPTY)) for place in range(1, 5)),
            class_name="flex gap-1.5",
            custom_attrs={"aria-hidden": "true"},
        ),
        rx.el.p(
            rx.cond(
                label,
                rx.fragment(
                    rx.el.span("Password: ", class_name="sr-only"),
                    rx.el.span(label, class_name="font-semibold text-ink"),
                    ". ",
                    advice,
                ),
                "8 characters or more; three or four unrelated words are easy to remember.",
            ),
            class_name="mt-1.5 min-h-10 text-sm text-ink-2",
            custom_attrs={"aria-live": "polite"},
        ),
        class_name="-mt-2.5",
    )
