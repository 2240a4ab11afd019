"""The settings of a site that tests serve: passwords are hashed fast. A good hash takes a third of a second each time."""

from __future__ import annotations

from quotes.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
