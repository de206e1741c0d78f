"""Seeding: a write like any other, as revision 1, into a catalogue that never had a service."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import marshmallow as ma

from service_catalog.actions.catalogue import Catalogue
from service_catalog.actions.ledger import Intent
from service_catalog.actions.writing import open_write
from service_catalog.documents.faults import faults_in_body
from service_catalog.documents.schemas.division import DivisionSchema
from service_catalog.documents.schemas.service import ServiceContentSchema
from service_catalog.documents.seed import Seed, read_seed
from service_catalog.domain.access import SEEDER, Permission
from service_catalog.domain.errors import InvalidBody, Place
from service_catalog.domain.revisions import Action, Revision
from service_catalog.domain.service import service_id
from service_catalog.domain.vocabulary import Text
from service_catalog.store import services


def seed_catalogue(catalogue: Catalogue, folder: Path) -> Revision | None:
    """Fill a catalogue that never had a service from the seed; return ``None`` where it already had one.

    Raises:
        BrokenSeed, InvalidBody, RulesBroken: where the seed cannot be read, does not fit, or breaks a rule.
        KeyMismatch, CatalogueBusy, DatabaseUnavailable: as ``open_write``.
    """
    with catalogue.database.reading() as session:
        if services.has_any(session):
            return None  # without the turn: a server that starts again must not wait for somebody's write
    seed = validated(read_seed(folder))
    intent = Intent(SEEDER, Permission.SEED_CATALOGUE, Action.SEED, "首次载入种子数据 · first load of the seed")
    with open_write(catalogue, intent) as write:
        if services.has_any(write.session):
            return None
        for division in seed.divisions:
            write.put_division(division)
        write.put_services(seed.services)
        return write.commit()


def validated(seed: Seed) -> Seed:
    """Check every document against its schema and return the seed as it may be written.

    Raises:
        InvalidBody: with every fault, by position and JSON Pointer.
    """
    divisions, contents = seed.divisions, seed.services
    checked_divisions, division_faults = _checked(DivisionSchema(), divisions, "/divisions")
    checked_services, service_faults = _checked(ServiceContentSchema(), contents, "/services")
    faults = [*division_faults, *service_faults] or list(_repeated(checked_services))
    if faults:
        raise InvalidBody(
            Text(f"有 {len(faults)} 处错误，未写入任何内容", f"faults: {len(faults)}; nothing was written"), faults
        )
    return Seed(tuple(checked_divisions), tuple(checked_services))


def _checked(schema: ma.Schema, documents: Iterable[Any], start: str) -> tuple[list[Any], list[Place]]:
    checked, faults = [], []
    for position, document in enumerate(documents):
        try:
            checked.append(schema.load(document))
        except ma.ValidationError as error:
            faults.extend(faults_in_body(error.messages, f"{start}/{position}"))
    return checked, faults


def _repeated(contents: list[dict[str, Any]]) -> Iterator[Place]:
    seen: set[str] = set()
    for position, content in enumerate(contents):
        identity = service_id(content["division"], content["code"])
        if identity in seen:
            message = Text(f"{identity} 出现了两次", f"{identity} stands here twice")
            yield Place(message, pointer=f"/services/{position}/code")
        seen.add(identity)
