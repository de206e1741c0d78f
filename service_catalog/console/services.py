"""One service as a reader sees it: what its document says about being online, coming and waiting, at a glance."""

from dataclasses import dataclass

from service_catalog.documents.canonical import stored_document
from service_catalog.domain.revisions import StoredDocument
from service_catalog.domain.service import OnlineChannel, Service, upgraded


def described(stored: StoredDocument) -> Service:
    """Return the document that is stored, whatever shape it was written in."""
    return opened(stored.document)


def opened(document: bytes) -> Service:
    """Return the document behind stored bytes, whatever shape it was written in."""
    return upgraded(stored_document(document))


@dataclass(frozen=True, slots=True)
class Card:
    """A service and what follows from its document; nothing is added to it."""

    service: Service

    @property
    def online_for(self) -> list[str]:
        """The audiences that have an online channel, in the document's order."""
        having = {channel["audience"] for channel in self.service["online_channels"]}
        return [audience for audience in self.service["audiences"] if audience in having]

    @property
    def reach(self) -> str:
        """Whether ``all`` of its audiences can do it online, ``none``, or one of two: then which."""
        online = self.online_for
        if not online:
            return "none"
        return "all" if len(online) == len(self.service["audiences"]) else online[0]

    def channels(self, audience: str) -> list[OnlineChannel]:
        """Return an audience's online channels."""
        return [channel for channel in self.service["online_channels"] if channel["audience"] == audience]
