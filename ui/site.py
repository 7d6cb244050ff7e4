"""What every page is built from: words, and whose services a visitor may use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bootstrap import Services
from services.runs.desk import Desk
from services.users.access import Identity
from ui.words import Words

if TYPE_CHECKING:
    from gradio import Request


@dataclass(frozen=True)
class Site:
    """One language's page over everybody's services; each visitor gets their own."""

    services: Services
    desk: Desk
    words: Words
    language: str
    secret: str
    """Seals what the browser keeps; the same after a restart, else that is lost."""

    def services_of(self, request: Request) -> Services:
        """The visitor's."""
        return self.services.of(_identity(request).owner)

    def desk_of(self, request: Request) -> Desk:
        """Running work as the visitor sees it."""
        own = self.services_of(request)
        return self.desk.of(own.runs, own.documents)

    def may(self, request: Request, scope: str) -> bool:
        """Whether the visitor has a scope, such as `admin`."""
        return scope in _identity(request).scopes


def _identity(request: Request) -> Identity:
    assert request.request is not None, "events of the page come with a request"
    identity: Identity = request.request.state.identity
    return identity
