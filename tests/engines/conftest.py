from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.engines.server import postgresql


@pytest.fixture(scope="session")
def other_server() -> Iterator[str]:
    """The address of a database on PostgreSQL, by which further ones can be made on its server."""
    with postgresql() as address:
        yield address
