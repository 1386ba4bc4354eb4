"""A push of the clock goes on after its walker was killed: beat asks every second."""

from velory.celery import PlatformTask, app
from velory.demo import walking


@app.task(base=PlatformTask)
def go_on_walking():
    """Walk on, where a push has not arrived yet."""
    if walking.target_of_the_push() is not None:
        walking.walk()
