"""The numbers that steer runs, as the settings and the settings page have them at this moment."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import ValidationError

from agents.run.context import Policy
from core.errors import SettingsError
from core.preferences import in_force
from core.settings import Settings
from domain.run_options import Caps
from evaluators.thresholds import Thresholds


@dataclass(frozen=True)
class Policies:
    """Made anew for each run that begins."""

    settings: Settings

    def now(self) -> Policy:
        """For a run that begins now; raises SettingsError."""
        now = in_force(self.settings)
        return Policy(now.length, now.sampling, thresholds_of(now), now.critic, now.book)

    def caps(self) -> Caps:
        """What a run may spend where nobody says anything else; raises SettingsError."""
        return Caps(**in_force(self.settings).caps.model_dump())


def thresholds_of(settings: Settings) -> Thresholds:
    """The limits of the gates; raises SettingsError for a name or a number that is none."""
    try:
        return Thresholds.model_validate(
            {"section_tolerance": settings.length.section_tolerance, **settings.gates}
        )
    except ValidationError as error:
        first = error.errors()[0]
        raise SettingsError(
            f"setting 'gates.{'.'.join(map(str, first['loc']))}': {first['msg']}",
            "See docs/settings.md for names and ranges.",
        ) from error
