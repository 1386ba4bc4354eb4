"""Pages of a return: the admins' and the holder's, and the leasing provider's own behind its link."""
