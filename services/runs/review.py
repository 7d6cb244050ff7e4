"""How the reviews of a run ended: judged, revised, unscored, and why there was no further round."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean

from sqlalchemy.orm import Session

from agents.run.milestones import REVIEWED
from storage import events


@dataclass(frozen=True)
class Review:
    """What critic and reviser have come to."""

    quality: float | None = None
    """S_q of LongBench-Write by the run's own critic, 0 to 100: the whole document's verdict, or
    where there is none the sections' mean; None: *unscored*."""
    judged: int = 0
    """Sections with a verdict."""
    revised: int = 0
    """Sections that were revised for the better."""
    unscored: int = 0
    """Sections without a verdict that could be read."""
    rounds: int = 0
    """Times that the whole was revised, kept or not."""
    why: str = ""
    """Why the review of the whole ended, or of the last section; empty: there was none."""

    def __str__(self) -> str:
        """One line for people; empty where nothing was judged."""
        if not self.why:
            return ""
        facts = [f"{self.judged} sections judged"] if self.judged else []
        facts += [f"{self.revised} revised"] if self.revised else []
        facts += [f"{self.unscored} unscored"] if self.unscored else []
        return "; ".join([", ".join(facts), self.why] if facts else [self.why])


def review_of(s: Session, run_id: str) -> Review:
    """What the run's events tell of its reviews."""
    told = {str(event.data["key"]): event.data for event in events.of_type(s, run_id, REVIEWED)}
    if not told:
        return Review()
    whole, sections = told.get(""), [data for key, data in told.items() if key]
    grades = [data["after"] for data in sections if data["after"] is not None]
    quality = whole["after"] if whole else fmean(grades) if grades else None
    better = [data for data in sections if data.get("kept")]
    return Review(
        quality,
        judged=len(grades),
        revised=len(better),
        unscored=len(sections) - len(grades),
        rounds=int(whole["rounds"]) if whole else 0,
        why=str((whole or sections[-1])["why"]),
    )
