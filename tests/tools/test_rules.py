"""Each of our own rules is seen to fail on a planted breach, and to leave alone what is right."""

import pytest

from tools.rules import check_source

STATE = "class CartState(ShopperState):\n"


def rules_broken(path: str, text: str) -> list[str]:
    return [breach.rule for breach in check_source(path, text)]


def function_of(lines: int, *, docstring: str = "") -> str:
    return "def long():\n" + docstring + "".join(f"    x = {number}\n" for number in range(lines - 1))


@pytest.mark.parametrize(
    ("path", "text", "rule"),
    [
        ("shophub/lib/a.py", "x = 1\n" * 501, "file-size"),
        ("shophub/state/a.py", STATE + "    x: int\n" * 150, "state-size"),
        ("shophub/services/a.py", function_of(51), "function-size"),
        ("shophub/services/a.py", "class A:\n    async def b(self):\n" + "        x = 1\n" * 50, "function-size"),
        ("shophub/state/a.py", STATE + "    def apply(self): ...\n", "state-method"),
        ("shophub/state/a.py", "class A(rx.State):\n    async def apply(self): ...\n", "state-method"),
        ("shophub/state/a.py", STATE + "    rows: dict[str, str] = {}\n", "state-dict"),
        ("shophub/state/a.py", STATE + "    rows: rx.Field[list[dict[str, int]]]\n", "state-dict"),
        ("shophub/state/a.py", STATE + "    rows: 'list[Mapping[str, int]]'\n", "state-dict"),
        ("shophub/state/a.py", STATE + "    row: typing.Any\n", "state-dict"),
        ("shophub/schemas/a.py", "price_minor: float\n", "money"),
        ("shophub/services/a.py", "def f(fee_minor: 'int', tax_minor: Decimal | None): ...\n", "money"),
        ("shophub/services/a.py", "def total_minor() -> float: ...\n", "money"),
        ("shophub/services/a.py", "row.total_minor = subtotal / 2\n", "money"),
        ("shophub/services/a.py", "total_minor /= 2\n", "money"),
        ("shophub/services/a.py", "cart(fee_minor=9.99)\n", "money"),
        ("shophub/services/a.py", "fee_minor = float(text)\n", "money"),
        ("shophub/domain/pricing.py", "rate = 0.19\n", "money"),
        ("shophub/domain/pricing.py", "share = a / b\n", "money"),
        ("shophub/domain/pricing.py", "from decimal import Decimal\n", "money"),
        ("shophub/lib/money.py", "x = float('1')\n", "money"),
        ("shophub/services/a.py", "import os\nx = os.environ['A']\n", "environment"),
        ("shophub/lib/a.py", "import os\nx = os.getenv('A')\n", "environment"),
        ("rxconfig.py", "from os import environ\n", "environment"),
        ("shophub/services/a.py", "ok = given == signature(text)\n", "constant-time"),
        ("shophub/api/a.py", "if row.reset_token != token: ...\n", "constant-time"),
        ("shophub/lib/a.py", "ok = settings.auth_secret.get_secret_value() == given\n", "constant-time"),
        ("shophub/api/a.py", "ok = headers['signature'] == made\n", "constant-time"),
    ],
)
def test_breach_is_found(path: str, text: str, rule: str) -> None:
    assert rules_broken(path, text) == [rule]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("shophub/lib/a.py", "x = 1\n" * 500),
        ("shophub/services/a.py", function_of(50)),
        ("shophub/services/a.py", function_of(50, docstring='    """One.\n\n    Two.\n    """\n')),
        ("alembic/versions/a.py", function_of(400)),
        ("shophub/state/a.py", STATE + "    @rx.event\n    async def apply(self): ...\n    def _help(self): ...\n"),
        ("shophub/state/a.py", STATE + "    _rows: dict[str, str] = {}\n    cart: rx.Field[CartView]\n"),
        ("shophub/services/a.py", "class Importer:\n    rows: dict[str, str]\n    def run(self): ...\n"),
        ("shophub/domain/pricing.py", "def tax_minor(net_minor: int, rate_ppm: int) -> int: return net_minor // 2\n"),
        ("shophub/lib/money.py", "from decimal import Decimal\nvalue = Decimal(1)\n"),
        ("shophub/services/a.py", "total_minor = round(total(9.5))\nratio = 3 / 4\n"),
        ("shophub/settings.py", "import os\nos.environ\n"),
        ("tools/a.py", "import os\nos.environ\n"),
        ("shophub/services/a.py", "ok = hmac.compare_digest(given, signature)\nempty = token == ''\n"),
        ("shophub/services/a.py", "same = token_count == other\nis_sandbox = api_key == SANDBOX_KEY\n"),
    ],
)
def test_what_is_right_is_left_alone(path: str, text: str) -> None:
    assert rules_broken(path, text) == []
