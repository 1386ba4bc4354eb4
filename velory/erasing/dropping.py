"""The end of a company: files, caches, what others keep of it, then its schema and its rows, all or nothing.

Whatever comes before the one transaction can be done twice; a process that is ended anywhere leaves a company that
nobody can reach (its state is *erasing*) and a row on the operators' agenda that brings it here again. Backups are
another matter: docs/operating.md says how long they live.
"""

import hashlib
import json
import logging
import re
import shutil
from datetime import datetime

from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from redis import RedisError

from velory.crash import crash
from velory.erasing.models import KEPT, Erasure, KeptHost, Tombstone
from velory.operators.models import Opening, OperatorDeed
from velory.payments.inbox.models import Event, OwnAccount, Route
from velory.post.models import Letter, RefusedAddress
from velory.tenancy.context import outside
from velory.tenancy.models import Company
from velory.tenancy.routing import forget_hosts

log = logging.getLogger(__name__)
SCHEMA = re.compile(r"c_[a-z0-9_]{1,60}")


def drop(erasure: Erasure, *, at: datetime) -> None:
    """Erase a company. Inside the operators' company, and outside any transaction."""
    company = Company.objects.get(pk=erasure.company_id)
    assert company.state == Company.State.ERASING
    assert not company.is_operators
    _files(company)
    crash("ERASE.after_files")
    _caches(company)
    _letters_elsewhere(company)
    crash("ERASE.after_letters")
    with outside(), transaction.atomic():
        _rows_in_public(company)
        _schema(company)
        _what_is_left(erasure, company, at)
        crash("ERASE.before_commit")
        Company.objects.filter(pk=company.pk).delete()
    forget_hosts()
    log.warning("A company has been erased: %s", company.uuid)


def facts(erasure: Erasure, company: Company) -> str:
    """The facts whose digest is kept, as a text that anybody who has them can write again."""
    hosts = sorted(domain.domain for domain in company.domains.all())
    who = [erasure.asked_by_name, erasure.confirmed_by_name]
    known = [company.name, company.slug, hosts, company.opened_at.isoformat(), *who]
    return json.dumps(known, ensure_ascii=False)


def _files(company):
    """Its folder, the export in it as well."""
    shutil.rmtree(settings.MEDIA_ROOT / str(company.uuid), ignore_errors=False, onexc=_gone_already)


def _gone_already(function, path, fault):
    if not isinstance(fault, FileNotFoundError):
        raise fault


def _caches(company):
    """Every key that names it; where the cache is down they end by themselves."""
    try:
        client = cache._cache.get_client(write=True)  # type: ignore[attr-defined]
        for key in client.scan_iter(match=f"{company.uuid}:*", count=500):
            client.delete(key)
    except (RedisError, OSError, AttributeError):
        log.warning("The cache could not be asked; keys of %s end by themselves.", company.uuid)


def _letters_elsewhere(company):
    """What the operators' outbox wrote to its admins, with their addresses."""
    written = Letter.objects.filter(context__slug=company.slug)
    RefusedAddress.objects.filter(address__in=[to.lower() for to in written.values_list("to", flat=True)]).delete()
    written.delete()


def _rows_in_public(company):
    """What stands outside its schema: Stripe's events, openings, operators' words. Its agenda goes with its row."""
    accounts = OwnAccount.objects.filter(company=company).values("account")
    Event.objects.filter(account__in=accounts).delete()
    Event.objects.filter(object_id__in=Route.objects.filter(company=company).values("object_id")).delete()
    Opening.objects.filter(company=company).delete()
    OperatorDeed.objects.filter(company=company).update(reason="", changes={})


def _schema(company):
    assert SCHEMA.fullmatch(company.schema_name)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what is still to be checked would hold its tables
        cursor.execute(f'DROP SCHEMA IF EXISTS "{company.schema_name}" CASCADE')


def _what_is_left(erasure, company, at):
    """Its hosts are kept free, and a stone without a name."""
    for name in {company.slug, *company.domains.values_list("domain", flat=True)}:
        KeptHost.objects.update_or_create(host=name, defaults={"until": at + KEPT})
    digest = hashlib.sha256(facts(erasure, company).encode()).hexdigest()
    Tombstone.objects.update_or_create(
        company_uuid=company.uuid,
        defaults={"opened_at": company.opened_at, "asked_at": erasure.asked_at, "erased_at": at, "digest": digest},
    )
