"""The peer of FastAPI: response models by pydantic and SQLAlchemy's mapped classes, by its own tutorial."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Any

from data import FOLDER, rows
from fastapi import Depends, FastAPI, Query
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import JSON, create_engine, func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

engine = create_engine(f"sqlite:///{FOLDER / 'fastapi.sqlite3'}")
app = FastAPI(title="Services")


class Base(DeclarativeBase):
    """The tables."""

    type_annotation_map = {dict[str, Any]: JSON, list[Any]: JSON}  # noqa: RUF012 - SQLAlchemy declares it so


class Service(Base):
    """A service as it is stored."""

    __tablename__ = "service"

    id: Mapped[str] = mapped_column(primary_key=True)
    division: Mapped[str] = mapped_column(index=True)
    code: Mapped[str]
    domain: Mapped[str]
    handling: Mapped[str]
    matter_type: Mapped[str]
    status: Mapped[str]
    updated_at: Mapped[str]
    revision: Mapped[int]
    schema: Mapped[int]
    version: Mapped[int]
    visits: Mapped[int]
    single_window: Mapped[bool]
    online_for_individual: Mapped[bool] = mapped_column(index=True)
    online_for_enterprise: Mapped[bool] = mapped_column(index=True)
    audiences: Mapped[list[Any]]
    codes: Mapped[dict[str, Any]]
    fees: Mapped[list[Any]]
    legal_basis: Mapped[list[Any]]
    life_events: Mapped[list[Any]]
    materials: Mapped[list[Any]]
    name: Mapped[dict[str, Any]]
    online_channels: Mapped[list[Any]]
    provenance: Mapped[dict[str, Any]]
    summary: Mapped[dict[str, Any]]
    tags: Mapped[list[Any]]
    time_limits: Mapped[dict[str, Any]]


class Audience(StrEnum):
    """Whom services are for."""

    INDIVIDUAL = "individual"
    ENTERPRISE = "enterprise"


class Words(BaseModel):
    """A text in both languages."""

    zh: str
    en: str


class Channel(BaseModel):
    """A way to do a service online."""

    audience: Audience
    platform: str
    name: Words | None
    url: str | None
    depth: str | None
    authentication: str | None


class Fee(BaseModel):
    """A charge."""

    amount: int | None
    text: Words | None


class Law(BaseModel):
    """A law or document that a service rests on."""

    title: str
    document_number: str | None
    article: str | None


class Material(BaseModel):
    """Something to bring."""

    name: Words
    required: bool | None
    form: str | None


class Provenance(BaseModel):
    """What an entry rests on."""

    basis: str
    confidence: str
    flags: str
    note: Words | None


class TimeLimit(BaseModel):
    """A number of days."""

    days: int
    unit: str | None
    note: Words | None


class TimeLimits(BaseModel):
    """What the law allows, and what is promised."""

    statutory: TimeLimit | None
    promised: TimeLimit | None


class Told(BaseModel):
    """What is told of a service."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    division: str
    code: str
    domain: str
    handling: str
    matter_type: str
    status: str
    updated_at: str
    revision: int
    form: int = Field(validation_alias="schema", serialization_alias="schema")
    version: int
    visits: int
    single_window: bool
    audiences: list[Audience]
    codes: dict[str, str]
    fees: list[Fee]
    legal_basis: list[Law]
    life_events: list[str]
    materials: list[Material]
    name: Words
    online_channels: list[Channel]
    provenance: Provenance
    summary: Words | None
    tags: list[str]
    time_limits: TimeLimits


class Page(BaseModel):
    """A page of the list."""

    total: int
    items: list[Told]


def session() -> Iterator[Session]:
    """Yield a session for one answer."""
    with Session(engine) as opened:
        yield opened


@app.get("/services", response_model=Page)
def list_services(
    database: Annotated[Session, Depends(session)],
    online_for: Audience | None = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> Any:
    """Return the services, filtered by for whom they can be done online."""
    found = select(Service)
    if online_for is not None:
        found = found.where(getattr(Service, f"online_for_{online_for}"))
    total = database.scalar(select(func.count()).select_from(found.subquery()))
    return {"total": total, "items": database.scalars(found.order_by(Service.id).limit(limit)).all()}


if __name__ == "__main__":
    Base.metadata.create_all(engine)
    with Session(engine) as filling:
        filling.add_all(Service(**row) for row in rows())
        filling.commit()
