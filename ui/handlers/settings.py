"""What the settings page does: endpoints, roles, limits and prompts, in plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from bootstrap import Services
from core.errors import LongleafError, RequestError, SettingsError
from core.setting_groups import EndpointSettings
from services.endpoints.entry import Entry
from services.endpoints.habits import Check, findings
from services.endpoints.neighbourhood import look_around as look_around
from services.settings.preferences import RoleSetting, Setting
from services.settings.prompt_book import Preview, PromptView


@dataclass(frozen=True)
class Tested:
    """What a test came to."""

    name: str
    checks: tuple[Check, ...]
    problem: LongleafError | None = None
    """Why it gave no answer; None: it gave some."""


async def entries(services: Services) -> list[Entry]:
    """The endpoints, without their keys."""
    return await services.book.entries()


async def names(services: Services) -> list[str]:
    """Of everything that can be chosen, the model inside included."""
    return services.endpoints.names()


async def default(services: Services) -> str:
    """Who serves what nothing else is named for."""
    return services.endpoints.default


async def entry(services: Services, name: str) -> Entry | None:
    """One of them; None for a name that is none."""
    return next((e for e in await entries(services) if e.endpoint.name == name), None)


async def save_endpoint(
    services: Services, name: str, fields: dict[str, Any], key: str, *, forget_key: bool = False
) -> bool:
    """Store an endpoint; whether a key of another server was dropped.

    Args:
        services: the visitor's.
        name: what it is called.
        fields: of `EndpointSettings`; what is not there stays as it was.
        key: a new one; empty: the stored one stays.
        forget_key: it does not stay.

    Raises:
        RequestError: something in it makes no sense.
        ConflictError: the settings have an endpoint of this name.
    """
    before = await entry(services, name.strip())
    kept: dict[str, Any] = {}
    if before is not None and before.stored:
        known = EndpointSettings.model_fields
        kept = {f: getattr(before.endpoint, f) for f in known if f != "api_key"}
    try:
        settings = EndpointSettings.model_validate({**kept, **fields})
        new = "" if forget_key else key.strip() or None
        return await services.book.add(name.strip(), settings, new)
    except ValidationError as error:
        first = error.errors()[0]
        raise RequestError(f"{first['loc'][0]}: {first['msg']}", "Correct the field.") from error
    except SettingsError as error:
        raise RequestError(error.message, error.remedy) from error


async def test_endpoint(services: Services, name: str) -> Tested:
    """Test one with a few small calls; raises NotFoundError, SettingsError."""
    endpoint = await services.endpoints.known(name)
    report = await services.book.test(endpoint, services.lines.tokens)
    return Tested(name, tuple(findings(endpoint, report)), report.error)


async def delete_endpoint(services: Services, name: str) -> None:
    """Forget one; raises NotFoundError, ConflictError."""
    await services.book.remove(name)
    services.settings_book.forget_endpoint(name)


async def make_default(services: Services, name: str) -> None:
    """Let one serve what nothing else is named for; raises NotFoundError, ConflictError."""
    await services.book.set_default(name)


async def roles(services: Services) -> tuple[list[RoleSetting], list[str]]:
    """Who serves which role, and whom there is to choose from."""
    return services.settings_book.roles(), services.endpoints.names()


async def save_roles(services: Services, chosen: dict[str, str]) -> None:
    """Say who serves which role; raises RequestError, ConflictError."""
    held = {each.role: each for each in services.settings_book.roles()}
    changed = {
        role: serves.strip()
        for role, serves in chosen.items()
        if held[role].changeable and serves.strip() != held[role].serves
    }
    services.settings_book.set_roles(changed, services.endpoints.names())


async def limits(services: Services) -> list[Setting]:
    """Every setting in force."""
    return services.settings_book.all()


async def save_limits(services: Services, chosen: dict[str, Any]) -> list[Setting]:
    """Change those that differ; an empty one goes back to its default.

    Raises:
        RequestError: one is out of range.
    """
    held = {each.name: each for each in services.settings_book.all()}
    changed = {
        name: value
        for name, value in chosen.items()
        if held[name].changeable and value != held[name].value
    }
    return services.settings_book.set_limits(changed)


async def prompt(services: Services, name: str) -> PromptView:
    """One prompt; raises NotFoundError."""
    return services.prompt_book.view(name)


async def save_prompt(services: Services, name: str, text: str) -> PromptView:
    """Keep a copy of one's own; raises RequestError for one that could break a run."""
    if text.strip() == services.prompt_book.view(name).original.strip():
        return services.prompt_book.restore(name)
    return services.prompt_book.put(name, text)


async def restore_prompt(services: Services, name: str) -> PromptView:
    """Go back to the built-in text; raises NotFoundError."""
    return services.prompt_book.restore(name)


async def preview(services: Services, name: str, text: str, request: str) -> Preview:
    """A prompt as a model would get it, with a request or the last document's."""
    fields = {"prompt": request} if request.strip() else None
    original = services.prompt_book.view(name).original
    changed = text if text.strip() != original.strip() else None
    return await services.prompt_book.preview(name, changed, fields)
