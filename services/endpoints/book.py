"""The endpoints that are written down: stored ones with their keys, and what tests of any found.

A key is encrypted, and bound to its owner, its endpoint's name and its server: nothing here gives
one out but as part of an `Endpoint`, which does not show it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

from core.errors import ConflictError, NotFoundError, RequestError, SettingsError
from core.secrets import SecretBox
from core.setting_groups import EndpointSettings
from core.settings import Settings
from llm.endpoint import EMBEDDED, Endpoint
from llm.probe import ProbeReport, examine
from llm.profile import Profile
from llm.tokens import Tokens
from services.endpoints.entry import Entry, Tested, built, known_of
from storage import endpoints
from storage.base import LOCAL_OWNER
from storage.database import Database

COMMAND_LINE = "command-line"
"""Name of the endpoint given as `--base-url`."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


class EndpointBook:
    """The endpoints of one owner.

    Args:
        db: where they are stored.
        box: encrypts their keys.
        settings: whose endpoints go before stored ones of the same name.
        owner_id: whose they are.
    """

    def __init__(
        self, db: Database, box: SecretBox, settings: Settings, owner_id: str = LOCAL_OWNER
    ) -> None:
        self._db = db
        self._box = box
        self._settings = settings
        self._owner = owner_id

    def names(self) -> list[str]:
        """Of the stored ones; blocks for about a millisecond."""
        rows = self._db.run_sync(lambda s: endpoints.all_of(s, self._owner), write=False)
        return [row.name for row in rows]

    def default(self) -> str:
        """The configured default, else the stored one, else the embedded one; blocks likewise."""
        if "endpoint" in self._settings.model_fields_set:
            return self._settings.endpoint
        stored = self._db.run_sync(lambda s: endpoints.default(s, self._owner), write=False)
        there = stored in self._settings.endpoints or stored in self.names()
        return stored if there else EMBEDDED

    async def set_default(self, name: str) -> None:
        """Let an endpoint serve whatever nothing else is named for.

        Raises:
            NotFoundError: there is none of this name.
            ConflictError: the settings name the default.
        """
        if "endpoint" in self._settings.model_fields_set:
            raise ConflictError(
                "longleaf.toml, the environment or the command names the default endpoint",
                "Change or delete `endpoint` there.",
            )
        if name not in (EMBEDDED, *self._settings.endpoints, *self.names()):
            raise NotFoundError(f"no endpoint is called {name!r}", "Look which there are.")
        known = self._settings.endpoints.get(name)
        address = known.base_url if known else ""
        await self._db.run(lambda s: endpoints.set_default(s, self._owner, name, address))

    async def entries(self) -> list[Entry]:
        """Those of the settings, then the stored ones; needs no key and decrypts none."""
        rows = await self._db.run(lambda s: endpoints.all_of(s, self._owner), write=False)
        default = self.default()
        found = []
        for name, known in self._settings.endpoints.items():
            endpoint = built(name, known)
            tested = await self._tested(endpoint)
            key = bool(endpoint.api_key)
            found.append(Entry(endpoint, False, key, name == default, tested))
        for row in rows:
            if row.name not in self._settings.endpoints:
                endpoint = built(row.name, known_of(row))
                tested = await self._tested(endpoint)
                key = row.secret is not None
                found.append(Entry(endpoint, True, key, row.name == default, tested))
        return found

    async def add(
        self, name: str, known: EndpointSettings, key: str | None = None, *, default: bool = False
    ) -> bool:
        """Store an endpoint, in place of the stored one of this name.

        Args:
            name: letters, digits, `.`, `_` and `-`, at most 64.
            known: all but the key, which is taken from `key` alone.
            key: its key; None: keep the stored one if the server (scheme, host, port) is the
                same; empty: none.
            default: make it the default.

        Returns:
            Whether a stored key was dropped because it belongs to another server.

        Raises:
            RequestError: the name is none.
            ConflictError: the settings have an endpoint of this name.
            SettingsError: the address or the key is none, or nothing can be encrypted.
        """
        self._check_name(name)
        endpoint = replace(built(name, known), api_key=key or "")
        before = await self._db.run(lambda s: endpoints.find(s, self._owner, name), write=False)
        kept = before.secret if before is not None and key is None else None
        same = before is not None and built(name, known_of(before)).origin == endpoint.origin
        secret = self._sealed(endpoint) if endpoint.api_key else kept if same else None
        settings = known.model_dump(mode="json", exclude={"base_url", "api_key"})
        await self._db.run(
            lambda s: endpoints.put(
                s, self._owner, name, endpoint.base_url, secret, settings, default=default
            )
        )
        return kept is not None and secret is None

    async def remove(self, name: str) -> None:
        """Forget an endpoint and its key.

        Raises:
            ConflictError: it stands in the settings.
            NotFoundError: none of this name is stored.
        """
        if name in self._settings.endpoints:
            raise ConflictError(f"{name} is set in longleaf.toml or the environment", "Go there.")
        await self._db.run(lambda s: endpoints.remove(s, self._owner, name))

    async def endpoint(self, name: str) -> Endpoint | None:
        """The stored endpoint of this name, with its key; None: there is none.

        Raises:
            SettingsError: its key cannot be decrypted.
        """
        row = await self._db.run(lambda s: endpoints.find(s, self._owner, name), write=False)
        if row is None:
            return None
        endpoint = built(name, known_of(row))
        if row.secret is None:
            return endpoint
        try:
            key = self._box.open(row.secret, self._owner, name, endpoint.origin)
        except SettingsError as error:
            raise SettingsError(
                f"the key of {name} cannot be used: {error.message}",
                f"{error.remedy} For the latter: python app.py endpoints add {name} "
                f"--base-url {endpoint.base_url} --api-key -",
            ) from None
        return replace(endpoint, api_key=key)

    async def with_profile(self, endpoint: Endpoint) -> Endpoint:
        """The endpoint with what the last test of it found, if that still holds."""
        return replace(endpoint, profile=(await self._tested(endpoint)).profile)

    async def test(self, endpoint: Endpoint, tokens: Tokens) -> ProbeReport:
        """Test an endpoint and keep what was found; raises SettingsError as `examine`."""
        report = await examine(endpoint, tokens)
        if report.profile is not None and endpoint.name not in (EMBEDDED, COMMAND_LINE):
            kept = {
                "base_url": endpoint.base_url,
                "model": endpoint.model,
                "at": datetime.now(UTC).isoformat(timespec="seconds"),
                "profile": report.profile.to_dict(),
            }
            await self._db.run(
                lambda s: endpoints.set_profile(
                    s, self._owner, endpoint.name, endpoint.base_url, kept
                )
            )
        return report

    async def _tested(self, endpoint: Endpoint) -> Tested:
        """The last test, if it was of this address and model."""
        kept = await self._db.run(
            lambda s: endpoints.profile_of(s, self._owner, endpoint.name), write=False
        )
        if not kept or kept["base_url"] != endpoint.base_url:
            return Tested()
        profile = Profile.from_dict(kept["profile"])
        if endpoint.model not in (kept["model"], profile.model):
            return Tested()
        return Tested(profile, str(kept["at"]))

    def _check_name(self, name: str) -> None:
        if name in (EMBEDDED, COMMAND_LINE) or not _NAME.fullmatch(name):
            raise RequestError(
                f"an endpoint cannot be called {name[:80]!r}",
                f"Take letters, digits, '.', '_', '-', and neither {EMBEDDED} nor {COMMAND_LINE}.",
            )
        if name in self._settings.endpoints:
            raise ConflictError(
                f"longleaf.toml or the environment has an endpoint called {name}",
                "Take another name, or change it there.",
            )

    def _sealed(self, endpoint: Endpoint) -> bytes:
        return self._box.seal(endpoint.api_key, self._owner, endpoint.name, endpoint.origin)
