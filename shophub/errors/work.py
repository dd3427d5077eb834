"""Long work."""

from shophub.errors.families import ConflictError, NotFoundError, ShopHubError


class WorkNotFoundError(NotFoundError):
    """There is no such work, or it is somebody else's."""

    code = "work_not_found"


class TooMuchWorkError(ConflictError):
    """The account has too much unfinished work."""

    code = "too_much_work"


class WorkStoppedError(ShopHubError):
    """Work stops here because somebody cancelled it. What was done stays done."""

    code = "work_stopped"


class WorkLostError(ShopHubError):
    """The work is done by another run by now, or was ended: this one writes nothing more."""

    code = "work_lost"
