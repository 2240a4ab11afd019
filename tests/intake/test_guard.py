from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotes.intake.guard import Closed, checked, is_public, target

many = settings(max_examples=300, deadline=None, database=None, derandomize=True)


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.215.14", "2606:4700::1111", "2a00:1450::1", "64:ff9b::808:808"])
def test_public(address: str) -> None:
    assert is_public(address)
    assert checked("e.com", [address, address]) == [address]


@pytest.mark.parametrize(
    "address",
    [
        *("0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.255.254"),
        *("169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.192", "192.0.2.1", "192.88.99.1", "192.168.0.1"),
        *("198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255"),
        *("168.63.129.16", "::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::ffff:0:127.0.0.1"),
        *("fe80::1", "fe80::1%eth0", "2001:db8::1", "fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1", "100::1"),
        *("2002:7f00:1::1", "2001:0:7f00:1::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "64:ff9b::7f00:1"),
        *(
            "64:ff9b::a9fe:a9fe",
            "64:ff9b:1::808:808",
            "2a00::5efe:7f00:1",
            "2a00::200:5efe:a00:1",
            "3fff::1",
            "5f00::1",
        ),
        *("", "e.com", "127.1", "2130706433", "0x7f.0.0.1", "1.2.3.4.5", "8.8.8.8 ", "2a00::1%eth0"),
    ],
)
def test_closed(address: str) -> None:
    assert not is_public(address)
    with pytest.raises(Closed, match="private network"):
        checked("e.com", ["8.8.8.8", address])


@many
@given(st.integers(0, 2**32 - 1).map(IPv4Address))
def test_never_more_open_than_python(address: IPv4Address) -> None:
    assert not is_public(str(address)) or (address.is_global and not address.is_multicast)


@many
@given(st.integers(0, 2**128 - 1).map(IPv6Address) | st.integers(2**125, 2**125 + 2**124).map(IPv6Address))
def test_never_more_open_than_python_in_ipv6(address: IPv6Address) -> None:
    assert not is_public(str(address)) or (address.is_global and not address.is_multicast and not address.ipv4_mapped)


@pytest.mark.parametrize(
    ("url", "host", "port", "path"),
    [
        ("https://E.com", "e.com", 443, "/"),
        ("http://e.com.:8080/a?b=c#d", "e.com", 8080, "/a?b=c"),
        ("https://zürich.ch/é?ü=ß", "xn--zrich-kva.ch", 443, "/%C3%A9?%C3%BC=%C3%9F"),
        ("http://８.８.８.８/", "8.8.8.8", 80, "/"),
        ("http://[2A00:0::1]:8443/", "2a00::1", 8443, "/"),
        ("http://a_b.e.com/%2e/'\"", "a_b.e.com", 80, "/%2e/'%22"),
        ("http://3.e.com/", "3.e.com", 80, "/"),
    ],
)
def test_parts_of_an_address(url: str, host: str, port: int, path: str) -> None:
    found = target(url)
    assert (found.host, found.port, found.path) == (host, port, path)
    assert target(str(found)) == found


@many
@given(
    st.builds(
        "{}{}{}".format,
        st.sampled_from(["http://", "https://", "HTTP:", "//", "http://a@", "http://[", "ftp://"]),
        st.text(st.sampled_from("0x17f.:[]@%/\\eé。①８-_ \t\n#?"), max_size=15),
        st.text(max_size=10),
    )
)
def test_any_address(url: str) -> None:
    try:
        found = target(url)
    except Closed:
        return
    assert str(found).isascii()
    assert not set(str(found)) & set(" \t\r\n\\@") - {"@"} or "@" in found.path
    if found.host.rpartition(".")[2].isdigit() or ":" in found.host:
        assert str(ip_address(found.host)) == found.host
