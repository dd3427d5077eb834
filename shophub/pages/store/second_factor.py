"""Binds the section on two-factor sign-in to its state; a page that shows it also loads ``SecondFactorState.load``."""

import reflex as rx

from shophub.components.store.second_factor import SecondFactorEvents, SecondFactorShown, second_factor_section
from shophub.state.store.second_factor import SecondFactorState


def second_factor() -> rx.Component:
    """The section."""
    return second_factor_section(
        SecondFactorState.view,
        SecondFactorShown(
            secret=SecondFactorState.secret,
            qr_svg=SecondFactorState.qr_svg,
            codes=SecondFactorState.codes,
            codes_text=SecondFactorState.codes_text,
            codes_file=SecondFactorState.codes_file,
            error=SecondFactorState.error,
        ),
        SecondFactorEvents(
            begin=SecondFactorState.begin,
            confirm=SecondFactorState.confirm,
            renew=SecondFactorState.renew,
            switch_off=SecondFactorState.switch_off,
            leave=SecondFactorState.leave,
        ),
    )
