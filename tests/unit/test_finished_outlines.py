"""Keys in a finished document's new plan: those with texts stay, no other is one that was."""

from hypothesis import given
from hypothesis import strategies as st

from domain.outline.check import check_outline
from domain.outline.plan import Part, SectionPlan
from services.outlines.finished import revised

KNOWN = ("1", "2", "2.1", "2.2", "3", "7")
KEYS = st.sampled_from([*KNOWN, "", "9", "2.3", "x", "07"])
GROUPS = st.lists(st.lists(KEYS, min_size=1, max_size=4), min_size=1, max_size=6)


@given(GROUPS)
def test_known_keys_stay_once_and_others_are_new(groups: list[list[str]]) -> None:
    parts = [
        Part("", f"P{p}", "", 0, tuple(SectionPlan(key, f"{p} {s}", "", 10 + s) for s, key in
                                       enumerate(group)))
        for p, group in enumerate(groups)
    ]  # fmt: skip
    outline = revised("T", parts, KNOWN)
    asked = [key for group in groups for key in group]
    given_ = [section.key for section in outline.sections]
    assert check_outline(outline).ok
    for at, (wish, key) in enumerate(zip(asked, given_, strict=True)):
        stays = wish in KNOWN and wish not in asked[:at]
        assert (key == wish) if stays else (key not in KNOWN)
    assert outline.target == sum(section.target for section in outline.sections)
    assert [section.heading for section in outline.sections] == [
        section.heading for part in parts for section in part.sections
    ]
