"""manage.py sample_company: fill an empty LeadHub with a believable company, so that every screen is alive."""

from argparse import ArgumentParser
from datetime import datetime
from time import monotonic
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from accounts.addresses import email_key
from accounts.models import Role, User
from leadhub.sample import company
from leadhub.sample.staff import COLLEAGUES, PASSWORD

MOST_LEADS = 100_000


class Command(BaseCommand):
    help = "Fill an empty LeadHub with a believable company: leads, a year of activities, handoffs and people to sign in as."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--leads", type=int, default=3_000, help="how many leads (20 activities each)")
        parser.add_argument("--seed", type=int, default=7, help="another number makes another company")
        parser.add_argument(
            "--now", default="", help="the moment the history ends, for example 2026-11-18T12:00:00+00:00"
        )
        parser.add_argument("--force", action="store_true", help="also where other leads are")
        parser.add_argument("--sign-ins", action="store_true", help="print who can sign in, and do nothing else")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["sign_ins"]:
            self.print_sign_ins()
        elif settings.PRODUCTION:
            raise CommandError(_("The passwords of the sample company are public, so it is not for production."))
        elif company.is_there():
            self.stdout.write(_("The sample company is already here; nothing was changed."))
        else:
            self.make(options)

    def make(self, options: dict[str, Any]) -> None:
        if not 1 <= options["leads"] <= MOST_LEADS:
            raise CommandError(_("There can be 1 to %(most)d leads.") % {"most": MOST_LEADS})
        begun = monotonic()
        try:
            made = company.make(
                leads=options["leads"], seed=options["seed"], now=_moment(options["now"]), force=options["force"]
            )
        except company.SampleRefused as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(
            _("%(leads)d leads with %(deeds)d activities, and %(acts)d acts of marketing and sales, in %(seconds)d s.")
            % {"leads": made.leads, "deeds": made.deeds, "acts": made.acts, "seconds": monotonic() - begun}
        )

    def print_sign_ins(self) -> None:
        """A line a role: role, e-mail, password; only people of the sample who still have its password."""
        known = {user.email_key: user for user in User.objects.active()}
        proved: dict[str, bool] = {}
        for role in Role:
            for colleague in COLLEAGUES:
                user = known.get(email_key(colleague.email))
                if user and role in colleague.roles and user.holds(role) and _opens(user, proved):
                    self.stdout.write(f"{role.label}\t{user.email}\t{PASSWORD}")
                    break


def _opens(user: User, proved: dict[str, bool]) -> bool:
    """Whether the sample's password is this person's; equal hashes are checked once, because each check is slow on purpose."""
    if user.password not in proved:
        proved[user.password] = check_password(PASSWORD, user.password)
    return proved[user.password]


def _moment(text: str) -> datetime:
    if not text:
        return timezone.now()
    try:
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    if moment is None or not 2001 <= moment.year <= 2199:
        raise CommandError(_("“%(text)s” is no moment such as 2026-11-18T12:00:00+00:00.") % {"text": text[:60]})
    return moment if moment.tzinfo else moment.replace(tzinfo=settings.WORKSPACE_ZONE)
