"""Open the demo's companies and say who to sign in as."""

from django.core.management.base import BaseCommand

from velory.demo.cast import cast
from velory.demo.signing_in import where_it_is_offered
from velory.demo.world import PASSWORD, open_world


class Command(BaseCommand):
    """Run by `make demo` at each start; what is there already stays as it is."""

    help = "Opens the demo's companies from their CSV files and names people to sign in as."

    def handle(self, *args, **options):
        open_world(lambda sentence: self.stdout.write(f"  {sentence}"))
        self.stdout.write(f"\nSign in with the password {PASSWORD} as one of:")
        for address, email, why in cast():
            self.stdout.write(f"  {address:<32} {email:<38} {why}")
        for address, name in where_it_is_offered():
            self.stdout.write(f"\n{address:<34} also lets people in with {name}, which asks for no password")
