"""For clients that speak to servers of this machine without TLS."""

import ssl

# Trusts nobody. Each client would otherwise read all the certificates of the world, which takes longer than most tests.
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
