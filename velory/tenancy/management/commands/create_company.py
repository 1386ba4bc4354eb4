"""manage.py create_company: the same as open_company, under its other name."""

from velory.tenancy.management.commands.open_company import Command

__all__ = ["Command"]
