"""The moves that the declared steps allow, as the database's trigger knows them."""

from velory.journal.steps import steps_of


def edges(model) -> list[tuple[str, str]]:
    """Every (source, target) that some step of the model leads through, sorted."""
    return sorted(
        {
            (str(source), str(target))
            for step in steps_of(model).values()
            for source in step.sources
            for target in step.targets
        }
    )
