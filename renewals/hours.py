"""At which hours reminders go out: the hours of every letter that goes of its own accord."""

from velory.post.hours import A_MOMENT, FIRST, LAST, first_day, is_open, moment_for, morning

__all__ = ["A_MOMENT", "FIRST", "LAST", "first_day", "is_open", "moment_for", "morning"]
