"""Knows which things of a text can be counted without a model, and what people call them."""

from typing import Final

import regex

_ENGLISH: Final = {
    "examples": r"(?:examples?|case studies|case study)",
    "questions": r"questions?",
    "quotations": r"(?:quotes?|quotations?)",
    "tables": r"tables?",
    "list items": r"(?:bullet[ -]?points?|bullets|list items?)",
    "code blocks": r"(?:code (?:blocks?|samples?|examples?|snippets?|listings?))",
    "links": r"(?:hyper)?links?",
    "images": r"(?:images?|pictures?|figures?)",
    "citations": r"(?:citations?|footnotes?)",
}
_CHINESE: Final = {
    "examples": "(?:具体|实际|真实|典型)?(?:例子|事例|实例|案例|示例)",
    "questions": "(?:问题|提问|问句|反问句|设问句)",
    "quotations": "(?:引文|引语|名言警句|名人名言|名言)",
    "tables": "(?:表格|表)",
    "list items": "(?:要点|列表项|条目)",
    "code blocks": "(?:代码块|代码示例|代码片段)",
    "links": "(?:超?链接)",
    "images": "(?:图片|插图|配图|图)",
    "citations": "(?:脚注|引注|参考文献)",
}
SORTS: Final = tuple(_ENGLISH)
"""Names of the sorts, as the text of a `count` constraint has them."""
ENGLISH: Final = "|".join(sorted(_ENGLISH.values(), key=len, reverse=True))
CHINESE: Final = "|".join(_CHINESE.values())
"""Find a name of any sort; `sort_of` says which."""


def counted(number: int, sort: str) -> str:
    """So many things of a sort, in words: `1 table`, `3 tables`."""
    return f"{number} {sort.removesuffix('s') if number == 1 else sort}"


def sort_of(name: str) -> str | None:
    """The sort of things that a name means, in English or Chinese; None if none."""
    for sort in sorted(SORTS, key=lambda one: one != "code blocks"):  # "code examples" is code
        for names in (_ENGLISH, _CHINESE):
            if regex.fullmatch(names[sort], name.strip(), regex.IGNORECASE):
                return sort
    return None
