"""`manage.py erase_account USERNAME`: takes everything off an account that says whose it was."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.core.management import BaseCommand, CommandError

from quotes.services import accounts
from quotes.services.record import NotAllowed


class Command(BaseCommand):
    help = (
        "Erases an account for good: name, e-mail, password, second factor, sessions and watches go. What its owner "
        "decided stays, under a pseudonym."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--yes", action="store_true", help="do not ask for the name again")

    def handle(self, *, username: str, yes: bool, **options: Any) -> None:
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"Nobody here is called {username}.")
        if not yes and input(f"This cannot be undone. Type the name {username} to erase the account: ") != username:
            raise CommandError("That was another name. Nothing was erased.")
        try:
            name = accounts.erase(user=user)
        except NotAllowed as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"Erased. What {username} decided now stands under “{name}”.")
