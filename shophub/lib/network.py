"""Where a request comes from, when proxies stand between."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

IPNetwork = IPv4Network | IPv6Network
# What a provider gives to one household; its single addresses cost nothing.
_IPV6_HOUSEHOLD = 64


def client_address(peer: str, forwarded_for: str, trusted_proxies: Sequence[IPNetwork]) -> str:
    """Return the network address that a request comes from, or nothing where the peer has none (a local socket).

    ``forwarded_for`` (``X-Forwarded-For``) counts only as far as trusted proxies wrote it: read from the right, the
    first address that is no trusted proxy. Anything to the left of that anybody could have written.
    """
    address = _parse(peer)
    if address is None:
        return ""
    hops = [hop.strip() for hop in forwarded_for.split(",") if hop.strip()]
    while hops and _is_trusted(address, trusted_proxies):
        before = _parse(hops.pop())
        if before is None:  # not an address: whatever wrote it, the last that is known stays
            break
        address = before
    return str(address)


def is_origin_of(origin: str, host: str) -> bool:
    """Return whether a browser's ``Origin`` header names a page of ``host`` (name and port as in ``Host``)."""
    try:
        return bool(host) and urlsplit(origin).netloc == host
    except ValueError:  # a bracket that nothing closes
        return False


def is_this_machine(peer: str) -> bool:
    """Return whether a connection comes from the machine that it leads to."""
    address = _parse(peer)
    return address is not None and address.is_loopback


def household(address: str) -> str:
    """Return what one customer can be counted by: an IPv4 address, or the /64 that an IPv6 address lies in."""
    parsed = _parse(address)
    if isinstance(parsed, IPv6Address):
        return str(ip_network((parsed, _IPV6_HOUSEHOLD), strict=False))
    return str(parsed) if parsed is not None else address


def _parse(text: str) -> IPv4Address | IPv6Address | None:
    bare = text.strip()
    if bare.startswith("["):  # [2001:db8::1]:443
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:  # 192.0.2.1:443
        bare = bare.partition(":")[0]
    try:
        address = ip_address(bare.partition("%")[0])
    except ValueError:
        return None
    return address.ipv4_mapped or address if isinstance(address, IPv6Address) else address


def _is_trusted(address: IPv4Address | IPv6Address, trusted: Sequence[IPNetwork]) -> bool:
    return any(address in network for network in trusted)
