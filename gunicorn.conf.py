"""How gunicorn serves Hearsay, wherever it is started from the repository's root."""

from __future__ import annotations

limit_request_line = 8190
"""Bytes; the most gunicorn takes. A pasted quote of 1,300 letters, none of them Latin, fits into an address."""

timeout = 120
"""Seconds; reading an uploaded file takes long."""

control_socket_disable = True
