from django.apps import AppConfig


class AssetsConfig(AppConfig):
    name = "assets"

    def ready(self):
        """Register what assets itself does after a step, and what a new company is furnished with."""
        from assets import belongings, finding, follows, furnishing, invariants, on_their_way, support, todos  # noqa: F401
        from assets.bulk import facts, hands, noting, stepping  # noqa: F401
        from assets.bulk import tasks as bulk_tasks  # noqa: F401
        from assets.importing import tasks  # noqa: F401
        from assets.offboarding import invariants as offboarding_invariants  # noqa: F401
        from assets.offboarding import letters, matters, opening, showing, specimens  # noqa: F401
        from assets.offboarding.views import own  # noqa: F401  (what writes letters asks it where they lead)

        stepping.add_the_steps()
        from assets import data_sections, sign_in_section  # noqa: F401
        from assets.operated import plan_settings  # noqa: F401
