"""How gunicorn serves Hearsay, wherever it is started from the repository's root."""

from __future__ import annotations

import os
import tempfile
from typing import Any

limit_request_line = 8190
"""Bytes; the most gunicorn takes. A pasted quote of 1,300 letters, none of them Latin, fits into an address."""

limit_request_fields = 60
limit_request_field_size = 8190
"""Headers, and bytes of one."""

timeout = 120
"""Seconds; reading an uploaded file takes long."""

control_socket_disable = True

if os.environ.get("HEARSAY_METRICS_TOKEN") and not os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
    # Where the workers put what they count, new with every start; before any of them imports the client, which looks here.
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="hearsay-metrics-")


def child_exit(server: Any, worker: Any) -> None:
    """What a worker counted stays counted when it has gone."""
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(worker.pid)
