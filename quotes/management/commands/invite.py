"""`manage.py invite EMAIL --group GROUP`: gives somebody an account and prints the link to its password."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from quotes.services import accounts
from quotes.services.record import NotAllowed


class Command(BaseCommand):
    help = (
        "Makes an account in a group and prints the link by which its owner chooses a password, once; mails it too when "
        "e-mail is set up. For an account that nobody has signed in to yet, it prints a new link, and the old one ends."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--group", required=True, help="reporters, editors or desk heads")
        parser.add_argument("--name", default="", help="their name, such as “Ann Lee”")

    def handle(self, *, email: str, group: str, name: str, **options: Any) -> None:
        try:
            invitation = accounts.invite(email=email, group=group, name=name)
        except NotAllowed as refusal:
            raise CommandError(str(refusal)) from None
        link, until = invitation.link(), timezone.localtime(invitation.until)
        is_mailed = accounts.mail_invitation(invitation, link=link)
        self.stdout.write(
            f"{'New account' if invitation.is_new else 'New link for the account'}: {invitation.user.username}, {group}."
        )
        self.stdout.write(
            f"{'Mailed, and here' if is_mailed else 'Send them this link'}, good once until {until:%d %B, %H:%M %Z}:"
        )
        self.stdout.write(link)
