"""Knows who speaks: whether a place in a text lies inside quotation marks."""

_PAIRS = {"“": "”", "「": "」", "『": "』", "«": "»"}
_GERMAN = {"„": "“", "«": "»"}
LOOK_BACK = 2_000
"""Characters looked back at for the opening mark: a longer speech is not recognised."""


def in_quotes(text: str, position: int) -> bool:
    """Whether `position` lies in direct speech or a quotation, within its paragraph.

    Straight marks are counted; curved and angular ones are matched with their partners.
    """
    floor = max(0, position - LOOK_BACK)
    gap = text.rfind("\n\n", floor, position)
    before = text[gap + 2 if gap >= 0 else floor : position]
    if before.count('"') % 2:
        return True
    pairs = _GERMAN if "„" in before else _PAIRS
    for opening, closing in pairs.items():
        if before.rfind(opening) > before.rfind(closing):
            return True
    return text[position : position + 1] in ('"', "„", *_PAIRS)
