"""Photos of a fault: decoded once and written anew, as every picture here is."""

from repairs.models import Photo
from velory.ui.pictures import delete_files, write_files


def add_photos(case, pictures, *, at) -> list[Photo]:
    """Keep decoded pictures with a case, in the caller's transaction; nothing lies about where one can't be kept."""
    made: list[Photo] = []
    try:
        for picture in pictures:
            made.append(Photo(case=case, added_at=at))
            write_files(made[-1], picture)
            made[-1].save(force_insert=True)
    except BaseException:
        for photo in made:
            delete_files(photo.large.name, photo.small.name)
        raise
    return made
