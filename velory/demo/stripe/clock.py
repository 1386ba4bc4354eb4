"""Two times. On the wire stands the machine's; how long things live is measured on the clock that can be pushed.

So a session that was opened for an hour says when that hour ends, as Stripe does, and is over at once when the
demo's clock is pushed by a day, or a test pushes the stand-in's own.
"""

from velory import clock


class Clock:
    """The stand-in's time. In the demo it follows the demo's clock; tests push it."""

    def __init__(self, *, follows_the_demo=False):
        self.follows_the_demo = follows_the_demo
        self.pushed = 0.0

    def wall(self) -> int:
        """The machine's time in seconds: what stands in answers and signatures."""
        return int(clock.wall().timestamp())

    def lived(self) -> float:
        """The time on which things age, in seconds."""
        ahead = clock.ahead().total_seconds() if self.follows_the_demo else 0.0
        return clock.wall().timestamp() + ahead + self.pushed

    def push(self, *, days=0, hours=0, minutes=0, seconds=0) -> None:
        """Let time pass."""
        self.pushed += ((days * 24 + hours) * 60 + minutes) * 60 + seconds
