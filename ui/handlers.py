"""What the page's events do: async generators over plain values, without any Gradio."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing, suppress
from dataclasses import dataclass, field, replace

from core.errors import ConflictError, LongleafError, NotFoundError
from domain.request import make_request
from domain.run import RunStatus
from services.desk import Desk
from services.views import RunView
from ui import render
from ui.words import Words

SLOTS = 60
"""Sections that the page shows one by one."""
ROWS = 8
"""Recent runs that it lists."""


@dataclass(frozen=True)
class Recent:
    """A run in the list."""

    run_id: str
    label: str
    action: str = ""
    """Label of the button that goes on with it; empty: there is nothing to go on with."""


@dataclass(frozen=True)
class Screen:
    """All that the page shows and that changes."""

    run_id: str = ""
    status: str = ""
    title: str = ""
    sections: tuple[str, ...] = ()
    downloads: str = ""
    busy: bool = False
    """Whether the run shown is being worked on here."""
    action: str = ""
    """As in `Recent`, for the run shown."""
    recent: tuple[Recent, ...] = ()


@dataclass
class Viewer:
    """One open page: what it shows, and which of its followers is the present one."""

    screen: Screen = field(default_factory=Screen)
    turn: int = 0

    def next(self) -> int:
        """Begin something new to show: followers of an earlier turn end."""
        self.turn += 1
        return self.turn

    def __deepcopy__(self, memo: object) -> Viewer:
        """A new page's own."""
        return Viewer()


@dataclass(frozen=True)
class Handlers:
    """What the page can do."""

    desk: Desk
    words: Words
    demonstration: bool = False
    """Whether the model is the one that only shows how things work."""

    def of(self, owner: str) -> Handlers:
        """What the page can do for this owner."""
        runs, documents = self.desk.runs, self.desk.documents
        own = self.desk.of(replace(runs, owner=owner), replace(documents, owner=owner))
        return replace(self, desk=own)

    async def write(
        self, viewer: Viewer, prompt: str, length: str, language: str, strategy: str
    ) -> AsyncIterator[Screen]:
        """Start a document and show it as it grows."""
        turn, before = viewer.next(), viewer.screen
        yield replace(before, status=self.words["starting"], busy=True, action="")
        fields = {"prompt": prompt, "words": length.strip(), "language": language.strip()}
        try:
            given = {name: value for name, value in fields.items() if value}
            run_id = await self.desk.start(make_request({**given, "strategy": strategy}))
        except LongleafError as error:
            yield await self._failed(before, error)
            return
        async for screen in self._followed(viewer, turn, run_id):
            yield screen

    async def resume(self, viewer: Viewer, run_id: str = "") -> AsyncIterator[Screen]:
        """Go on with a run that stopped: the one shown, unless another is named."""
        turn, before = viewer.next(), viewer.screen
        run_id = run_id or before.run_id
        yield replace(before, status=self.words["resuming"], busy=True, action="")
        try:
            await self.desk.resume(run_id)
        except LongleafError as error:
            yield await self._failed(before, error)
            return
        async for screen in self._followed(viewer, turn, run_id):
            yield screen

    async def open(self, viewer: Viewer, run_id: str) -> AsyncIterator[Screen]:
        """Show a run, and follow it while it is worked on here."""
        async for screen in self._followed(viewer, viewer.next(), run_id):
            yield screen

    async def attach(self, viewer: Viewer, run_id: str | None) -> AsyncIterator[Screen]:
        """What a page shows when it is loaded: the run it showed last, as it is now."""
        nothing = Screen(status=self.words["ready"], recent=await self._recent())
        if not run_id:
            yield nothing
            return
        try:
            async for screen in self._followed(viewer, viewer.next(), run_id, forgiving=False):
                yield screen
        except NotFoundError:  # another data folder, or deleted since
            yield nothing

    async def stop(self, viewer: Viewer) -> AsyncIterator[Screen]:
        """Stop the run shown; its follower then shows what is kept."""
        shown = viewer.screen
        if self.desk.live(shown.run_id):
            yield replace(shown, status=self.words["stopping"])
            with suppress(ConflictError):  # it was done at that moment
                await self.desk.stop(shown.run_id)

    async def _followed(
        self, viewer: Viewer, turn: int, run_id: str, *, forgiving: bool = True
    ) -> AsyncIterator[Screen]:
        recent = await self._recent()
        last = Screen(run_id, recent=recent)
        try:
            async with aclosing(self.desk.follow(run_id)) as views:
                async for view in views:
                    if viewer.turn != turn:  # the page shows another run by now
                        return
                    if not view.live:
                        recent = await self._recent()
                    last = self._screen(view, recent)
                    yield last
        except NotFoundError as error:
            if not forgiving:
                raise
            yield await self._failed(Screen(), error)
        except LongleafError as error:
            if viewer.turn == turn:
                yield await self._failed(last, error)

    def _screen(self, view: RunView, recent: tuple[Recent, ...]) -> Screen:
        return Screen(
            run_id=view.run_id,
            status=render.status(view, self.words),
            title=render.title(view),
            sections=render.blocks(view, self.words, SLOTS),
            downloads=render.downloads(view, self.words),
            busy=view.live,
            action=self._action(view.phase, view.live),
            recent=recent,
        )

    async def _failed(self, screen: Screen, error: LongleafError) -> Screen:
        """The page after an error: what it showed, and what to do."""
        line = render.problem(error.message, error.remedy)
        recent = await self._recent()
        known = next((row for row in recent if row.run_id == screen.run_id), None)
        return replace(
            screen,
            run_id=screen.run_id if known else "",
            status=line,
            busy=False,
            action=known.action if known else "",
            recent=recent,
        )

    async def _recent(self) -> tuple[Recent, ...]:
        rows = []
        for report in await self.desk.recent(ROWS):
            live = self.desk.live(report.run_id)
            label = render.label(report, live, self.words)
            rows.append(Recent(report.run_id, label, self._action(report.status, live)))
        return tuple(rows)

    def _action(self, phase: str, live: bool) -> str:
        if live or phase == RunStatus.DONE:
            return ""
        waits = phase == RunStatus.AWAITING_APPROVAL
        return self.words["approve"] if waits else self.words["continue"]

    async def writer(self) -> str:
        """The line that says who writes."""
        try:
            return render.writer(await self.desk.writer(), self.demonstration, self.words)
        except LongleafError as error:
            return render.problem(error.message, error.remedy)
