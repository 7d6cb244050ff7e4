"""Knows texts written without sources: each of their citation marks points to nothing."""

from sources.citations import without_lost


def without_citations(text: str) -> str:
    """The text without numeric citation marks; code, links and definitions stay as they are.

    For texts written without sources: a citation that nothing stands behind misleads.
    """
    return without_lost(text, {})[0].strip() if "[" in text else text
