"""What every tab of the settings gives back when it is laid out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from gradio.blocks import Block

Loaded = tuple[Callable[..., Awaitable[list[Any]]], list[Block]]
"""What looks up what the tab shows, and the components that show it."""
