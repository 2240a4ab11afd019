"""A newspaper on loopback: pages and feeds that workers fetch in tests. It serves what it is told, and remembers who asked."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PARAGRAPHS = (
    "The council met for six hours on Tuesday and heard eleven speakers from both banks of the river.",
    "Builders have waited for a decision since the old bridge was closed to lorries in March of last year.",
    "Two councillors stayed away, and a third left the hall before the vote was taken late in the evening.",
    "The money comes from a fund for roads that the county has not touched for almost a decade.",
)


def article(title: str, words: str, *, more: str = "", head: str = "", day: str = "2025-05-21T09:30:00+02:00") -> str:
    """A page as a newspaper prints it, with furniture around."""
    body = "".join(
        f"<p>{paragraph}</p>"
        for paragraph in (*PARAGRAPHS[:2], f"Mayor Ann Lee said: “{words}”", *PARAGRAPHS[2:], more)
        if paragraph
    )
    return f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title} | Lake Post</title>
<meta property="og:site_name" content="Lake Post"><meta property="article:published_time" content="{day}">{head}</head>
<body><nav><a href="/">Home</a> <a href="/sport">Sport</a></nav><article><h1>{title}</h1><p>By Rita Moss</p>{body}</article>
<footer>All rights reserved. Subscribe to our newsletter.</footer></body></html>"""


def rss(*urls: str, title: str = "Lake Post") -> str:
    items = "".join(f"<item><title>Item</title><link>{url}</link></item>" for url in urls)
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>{title}</title><link>/</link>{items}</channel></rss>'
    )


@dataclass
class Newspaper:
    """`pages`: path -> body, or (status, headers, body). `asked`: (path, headers) of each request, in order."""

    port: int = 0
    pages: dict[str, Any] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def paths(self) -> list[str]:
        return [path for path, _ in self.asked if path != "/robots.txt"]


@contextmanager
def printed() -> Iterator[Newspaper]:
    paper = Newspaper()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paper.asked.append((self.path, dict(self.headers.items())))
            found = paper.pages.get(self.path, (404, {}, "Not here."))
            status, headers, body = found if isinstance(found, tuple) else (200, {}, found)
            data = body if isinstance(body, bytes) else body.encode()
            if "ETag" in headers and self.headers.get("If-None-Match") == headers["ETag"]:
                status, data = 304, b""
            self.send_response(status)
            kind = "application/rss+xml" if data.startswith(b"<?xml") else "text/html; charset=utf-8"
            for name, value in {"Content-Type": kind, "Content-Length": str(len(data)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    paper.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield paper
    finally:
        server.shutdown()
        server.server_close()
