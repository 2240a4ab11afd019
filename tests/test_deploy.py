"""The files for a server: as systemd and nginx read them, and in accord with the settings they are made for."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "docs" / "deploy"
UNITS = sorted([*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")])
HARD = (
    *("NoNewPrivileges=yes", "ProtectSystem=strict", "ProtectHome=yes", "PrivateTmp=yes", "PrivateDevices=yes"),
    *("CapabilityBoundingSet=", "SystemCallFilter=@system-service", "StateDirectory=hearsay", "UMask=0077"),
    *("User=hearsay", "EnvironmentFile=/etc/hearsay.env"),
)


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd here")
def test_systemd_reads_the_units(tmp_path: Path) -> None:
    for unit in UNITS:
        text = unit.read_text(encoding="utf-8").replace("/srv/hearsay", str(ROOT))
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", *sorted(map(str, tmp_path.iterdir()))], capture_output=True, text=True
    )
    ours = [line for line in done.stderr.splitlines() if "hearsay" in line]
    assert (done.returncode, ours) == (0, []), done.stderr


def test_every_service_is_shut_in() -> None:
    services = [unit for unit in UNITS if unit.suffix == ".service"]
    assert len(services) == 4
    for unit in services:
        lines = unit.read_text(encoding="utf-8").splitlines()
        assert [rule for rule in HARD if rule not in lines] == [], unit.name


def test_every_timer_has_its_service() -> None:
    for unit in UNITS:
        if unit.suffix == ".timer":
            assert unit.with_suffix(".service").exists()
            assert "Persistent=yes" in unit.read_text(encoding="utf-8")


@pytest.mark.skipif(not (shutil.which("nginx") and shutil.which("openssl")), reason="no nginx here")
def test_nginx_reads_its_part(tmp_path: Path) -> None:
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=hearsay.example",
         "-keyout", tmp_path / "privkey.pem", "-out", tmp_path / "fullchain.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    site = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    site = site.replace("/etc/letsencrypt/live/hearsay.example", str(tmp_path)).replace("/var/log/nginx", str(tmp_path))
    site = site.replace("/etc/nginx/proxy_hearsay.conf", str(DEPLOY / "proxy_hearsay.conf"))
    whole = f"pid {tmp_path}/pid; error_log stderr; events {{}} http {{ {site} }}"
    (tmp_path / "nginx.conf").write_text(whole, encoding="utf-8")
    done = subprocess.run(["nginx", "-t", "-c", tmp_path / "nginx.conf"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "warn" not in done.stderr


def test_the_settings_are_known() -> None:
    known = set(re.findall(r"^\| `([A-Z_]+)`", (ROOT / "docs" / "operations.md").read_text(encoding="utf-8"), re.M))
    named = set(re.findall(r"^#? ?([A-Z_]+)=", (DEPLOY / "hearsay.env").read_text(encoding="utf-8"), re.M))
    assert named <= known
    assert {"HEARSAY_PRODUCTION", "HEARSAY_BEHIND_PROXY", "HEARSAY_ALLOWED_HOSTS"} <= named


def test_nginx_allows_what_the_site_allows() -> None:
    site, proxy = ((DEPLOY / name).read_text(encoding="utf-8") for name in ("nginx.conf", "proxy_hearsay.conf"))
    (megabytes,) = re.findall(r"client_max_body_size (\d+)m;", site)
    assert int(megabytes) * 1024 * 1024 > settings.HEARSAY_LARGEST_UPLOAD
    (seconds,) = re.findall(r"proxy_read_timeout (\d+)s;", proxy)
    (allowed,) = re.findall(r"^timeout = (\d+)", (ROOT / "gunicorn.conf.py").read_text(encoding="utf-8"), re.M)
    assert int(seconds) > int(allowed)
    assert "$proxy_add_x_forwarded_for" not in proxy, "what a browser claims of itself is not passed on"
    (format_of_log,) = re.findall(r"log_format hearsay (.*);", site)
    assert not re.search(r"\$(request|request_uri|uri|args|http_\w+|remote_user)\b", format_of_log)


def test_static_files_can_be_read_by_the_proxy() -> None:
    assert settings.STORAGES["staticfiles"]["OPTIONS"]["file_permissions_mode"] == 0o644
