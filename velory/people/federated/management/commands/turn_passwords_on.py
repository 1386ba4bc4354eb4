"""manage.py turn_passwords_on S: a company, or the operators themselves, in which nobody gets in any more."""

from django.core.management.base import BaseCommand, CommandError

from velory import clock
from velory.people.federated.models import SignInSettings
from velory.tenancy.context import inside
from velory.tenancy.models import Company


class Command(BaseCommand):
    help = "Let people sign in with passwords again at a company that has turned them off."

    def add_arguments(self, parser):
        parser.add_argument("slug", metavar="S", help="the company's short name")

    def handle(self, slug, **options):
        company = Company.objects.filter(slug=slug).first()
        if company is None or not company.is_servable:
            raise CommandError(f"There is no company “{slug}” that is open.")
        with inside(company):
            changed = SignInSettings.to_change().turn(True, by=None, at=clock.now(), operator="Velory")
        self.stdout.write(f"Passwords work at {company} again." if changed else f"They are on at {company} already.")
