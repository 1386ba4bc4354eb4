"""manage.py texts: bring the Swedish catalogue in line with the code, merge, compile, check."""

from django.core.management.base import BaseCommand, CommandError

from velory.ui import texts


class Command(BaseCommand):
    """Without a flag: renew the catalogue. --compile and --check alone leave it as it is."""

    help = "Finds the texts in code and templates and keeps locale/sv in line with them; needs no gettext tools."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("--merge", nargs="+", metavar="FILE", default=[], help="JSON files with translations")
        parser.add_argument("--compile", action="store_true", help="write django.mo")
        parser.add_argument("--check", action="store_true", help="exit 1 and name what is untranslated or unused")

    def handle(self, *, merge, check, **options):
        if merge or not (check or options["compile"]):
            texts.write(texts.renew(texts.translations_in(merge)))
        if options["compile"]:
            texts.compile_catalogue()
        if check:
            said = texts.complaints()
            if said:
                raise CommandError("\n".join(said), returncode=1)
        if options["verbosity"] > 1 or not (check or options["compile"]):
            self.stdout.write(f"{texts.po_file()}: {len(texts.read())} texts")
