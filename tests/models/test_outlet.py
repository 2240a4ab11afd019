from __future__ import annotations

import pytest

from quotes.models import Outlet
from tests.factories import make_outlet

pytestmark = pytest.mark.django_db


def test_outlets_are_in_order_of_name() -> None:
    make_outlet(name="Zeta")
    make_outlet(name="Alpha")
    assert [str(outlet) for outlet in Outlet.objects.all()] == ["Alpha", "Zeta"]
