"""The specimen of the letter that says that an export is ready."""

from datetime import timedelta

from velory import clock
from velory.post.specimens import Thing, specimen


@specimen("archive/ready", day="until_on")
def an_archive():
    """Of a whole company."""
    archive = Thing("X-SPECIMEN", ref="X-SPECIMEN", counts={"rows": 18204, "files": 312}, by_operator=False)
    link = "https://velory.example/settings/export/"
    return {"archive": archive, "link": link, "until_on": clock.today() + timedelta(days=7)}
