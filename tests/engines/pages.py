"""What a page says, without what is new each time it is asked for."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client

NEW_EACH_TIME = re.compile(
    rb'csrfmiddlewaretoken" value="[^"]*"|"X-CSRFToken": "[^"]*"|X-CSRFToken&quot;: &quot;\w+|nonce="[^"]*"|\d+\W+\w+ ago'
)


def answer(client: Client, path: str, **data: Any) -> str:
    """Status and body, without tokens, nonces and how long ago things were."""
    response = client.get(path, data)
    body = b"".join(response) if response.streaming else response.content  # type: ignore[arg-type]
    return f"{response.status_code} {NEW_EACH_TIME.sub(b'', body).decode()}"
