"""The shape of a division's own document: its published totals, their source, and the notice readers must see."""

from service_catalog.documents.fields import Nested, StrictSchema, Whole, Words
from service_catalog.documents.schemas.texts import text
from service_catalog.domain.service import DIVISION_PATTERN

MOST_SERVICES = 10**9


def count(description: str) -> Whole:
    """Return a required member that counts services."""
    return Whole(least=0, most=MOST_SERVICES, required=True, metadata={"description": description})


class DeclaredOnlineSchema(StrictSchema):
    """Declared numbers of services that can be done online."""

    individual = count("Online for individuals.")
    enterprise = count("Online for enterprises.")


class DeclaredSchema(StrictSchema):
    """The control totals that the authority published; a catalogue may come to differ from them."""

    total = count("All services.")
    zero_visit = count("一次不用跑.")
    one_visit = count("最多跑一次.")
    single_window = count("一窗通办.")
    online = Nested(DeclaredOnlineSchema, required=True)


class SourceSchema(StrictSchema):
    """Where the control totals were published."""

    publisher = text("Who published it.")
    title = text("Its heading.")
    published_on = Words(
        longest=10,
        pattern=r"[0-9]{4}-[0-9]{2}-[0-9]{2}",
        required=True,
        metadata={"description": "Day of publication.", "format": "date", "example": "2019-09-27"},
    )


class DivisionSchema(StrictSchema):
    """One division: its name, the notice on its data, and its control totals with their source, null if unpublished."""

    division = Words(longest=12, pattern=DIVISION_PATTERN, required=True, metadata={"description": "行政区划代码."})
    name = text("What the division is called.")
    notice = text("What every reader of this division's data must know.")
    source = Nested(SourceSchema, required=True, allow_none=True)
    declared = Nested(DeclaredSchema, required=True, allow_none=True)
