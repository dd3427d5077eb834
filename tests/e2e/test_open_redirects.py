"""Where a visitor is sent back to is on this shop, whatever a browser makes of the address."""

import random
from itertools import product

from playwright.async_api import Browser
from starlette.responses import RedirectResponse

from shophub.domain.paths import same_origin_path

PIECES = (
    "/", "//", "\\", "\t", "\n", "\r", "\x00", "\x0b", " ", "\u00a0", "\u2028", "\u3002", "\uff0f",
    "\u2215", ".", "..", "@", ":", ";",
    "?", "#", "%2f", "%5c", "%09", "%0a", "%2e", "[", "]", "evil.example", "//evil.example", "http:", "https://",
    "javascript:alert(1)",
    "data:text/html,x", "login", "auth/logout", "cart",
)  # fmt: skip
SHOP = "http://shop.test:3000"
ORIGINS = "(addresses) => addresses.map((address) => new URL(address, 'http://shop.test:3000/auth/login').origin)"


async def test_browser_stays_here_wherever_it_is_sent(chromium: Browser):
    pairs = ["".join(pieces) for count in (1, 2) for pieces in product(PIECES, repeat=count)]
    chance = random.Random(11)
    longer = ["".join(chance.choices(PIECES, k=chance.randrange(3, 6))) for _ in range(20_000)]
    given = {prefix + text for text in (*pairs, *longer) for prefix in ("", "/")}

    kept = sorted({same_origin_path(text) for text in given})
    sent = [RedirectResponse(path).headers["location"] for path in kept]
    page = await chromium.new_page()
    try:
        origins = await page.evaluate(ORIGINS, [*kept, *sent])
    finally:
        await page.close()

    assert len(kept) > 1_000
    wrong = [address for address, origin in zip([*kept, *sent], origins, strict=True) if origin != SHOP]
    assert wrong == []
    assert not [path for path in kept if path.startswith(("/login", "/auth/"))]
