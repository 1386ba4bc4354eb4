"""manage.py open_company: a new company, ready to be signed in to; prints its address."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from velory.tenancy.opening import open_company


class Command(BaseCommand):
    help = "Open a company and print its address. Started again after a crash it goes on where it stopped."

    def add_arguments(self, parser):
        parser.add_argument("name", metavar="NAME", help="as people know it: “Nordvik Energi AB”")
        parser.add_argument("--slug", required=True, metavar="S", help="short name, 3 to 31 lower-case letters")
        parser.add_argument("--domain", required=True, metavar="D", help="the host at which it is found")
        parser.add_argument("--country", default="SE", help="two letters (SE)")
        parser.add_argument("--language", default="sv", help="sv or en (sv)")
        parser.add_argument("--currency", default="SEK", help="three letters (SEK)")
        parser.add_argument("--plan", default="standard", help="starter, standard or pro (standard)")
        parser.add_argument("--admin-email", default="", metavar="E", help="who is invited as its first admin")
        parser.add_argument("--feature", action="append", default=[], dest="features", metavar="F", help="repeatable")

    def handle(self, name, *, slug, domain, country, language, currency, plan, admin_email, features, **options):
        try:
            company = open_company(
                name,
                slug=slug,
                domain=domain,
                country=country,
                language=language,
                currency=currency,
                plan=plan,
                admin_email=admin_email,
                features=features,
            )
        except ValidationError as wrong:
            raise CommandError(" ".join(wrong.messages)) from wrong
        self.stdout.write(company.address())
