"""Knows what the object of a demand is: "the bridge, the ferry and “the mill”" are three.

An object that no text can be searched for ("more details", "it", "vivid language") is none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import regex

from domain.text.vocabulary import terms

_QUOTED = regex.compile(
    r"[“\"「『《]([^“”\"「」『』《》\n]{1,120})[”\"」』》]"
    r"|(?<!\w)['‘]([^'’\n]{2,80})['’](?!\w)"
)
_VAGUE = regex.compile(
    r"\b(?:it|its|their|his|her|our|them|they|this|that|these|those"
    r"|everything|anything|something|nothing|all|any"
    r"|details?|detailed|information|more|much|many|enough|following|above|below|own|your|you|my|me"
    r"|i|relevant|appropriate|necessary|specific|various|different|important|key|main|such|same"
    r"|content|contents|elements?|aspects?|points?|topics?|ideas?|things?|words?|sentences?|lines?"
    r"|language|style|tone|format|structure|paragraphs?|pages?|characters?|dialogues?|descriptions?"
    r"|headings?|title|subheadings?|introduction|conclusion|summary|steps?|sources?|references?"
    r"|data|statistics|facts?|emojis?|hashtags?|humou?r|suspense|twist|ending|jargon|clich[eé]s?"
    r"|slang|repetition|abbreviations?|voice|grammar|spelling|markdown|bold|lists?|only|not)\b",
    regex.IGNORECASE,
)
_VAGUE_CHINESE = regex.compile(
    r"[这那其他她它你您我该此]|内容|细节|要素|方面|信息|部分|字数|语言|风格|格式|结构|段落|标题|开头|结尾|具体|相关"
    r"|详细|以下|上述|任何|所有|各种|不同|数据|资料|描写|对话|观点|修辞|诗词|诗句|名言|事例|例子|案例|问题|敏感|安全|个人"
    r"|抄袭|套作|口语|术语|专业|重复|[的地得]$|要求|情感|情节|人物|表情|符号|一个|至少|不少于"
)
_SMALL = regex.compile(
    r"^(?:(?:both|also|again|about|the fact that|and|or)\s+|(?:the|an?)\s+(?=\S))+",
    regex.IGNORECASE,
)
_HEADS = regex.compile(
    r"^(?:(?:a|an|the|some)\s+)?(?:(?:brief|short|clear|full|detailed)\s+)?(?:discussion|mention"
    r"|overview|account|explanation|section|chapter|passage|reference|references|look|analysis"
    r"|name|word|phrase|term|words|phrases|terms|names)\s+(?:of|on|about|at|to|for)?\s*",
    regex.IGNORECASE,
)
_COMMA = regex.compile(r"\s*,(?!\d)\s*(?:(?:and|or|as well as)\s+)?", regex.IGNORECASE)
_AND = regex.compile(r"\s+(?:and|or|as well as)\s+", regex.IGNORECASE)
_OXFORD = regex.compile(r",\s*(?:and|or|as well as)\s", regex.IGNORECASE)
_SPLIT_CHINESE = regex.compile(r"、|以及|和|与|及|或者|或")
_BETWEEN = regex.compile(r"\bbetween\b", regex.IGNORECASE)
_SHARED = regex.compile(r"\b(?:of|for|between|in|on|from|to|with|by)\b", regex.IGNORECASE)
MOST_WORDS: Final = 7
MOST_CHARACTERS: Final = 16
"""Of one object, in English and in Chinese; what is longer is a description."""


@dataclass(frozen=True)
class Wanted:
    """One object of a demand; `exact` if it was quoted."""

    text: str
    exact: bool = False


def english_objects(clause: str) -> Iterator[Wanted]:
    """The objects in what follows an English verb; none if one of them cannot be looked for."""
    if quoted := _quotations(clause):
        yield from quoted
        return
    found = [_SMALL.sub("", _HEADS.sub("", piece.strip(" \t'\"”“*_"))) for piece in _split(clause)]
    if all(map(_plain, found)):
        yield from map(Wanted, found)


def chinese_objects(clause: str) -> Iterator[Wanted]:
    """The objects in what follows a Chinese verb; none if one of them cannot be looked for."""
    if quoted := _quotations(clause):
        yield from quoted
        return
    bare = regex.sub(r"等(?:等|方面|内容|要素|元素|话题|主题)?$", "", clause.strip(" \t*_"))
    bare = regex.sub(r"(?:的)?(?:字样|一词|这个词|二字|这句话)$", "", bare)
    found = [piece.strip() for piece in _SPLIT_CHINESE.split(bare)]
    if found and all(_plain_chinese(piece) for piece in found):
        yield from map(Wanted, found)


def _quotations(clause: str) -> list[Wanted]:
    found = (m[1] or m[2] for m in _QUOTED.finditer(clause))
    return [Wanted(text.strip(" ,.，。"), exact=True) for text in found if text.strip(" ,.，。")]


def _split(clause: str) -> list[str]:
    """A list in its pieces; "operation and maintenance" within a list of commas stays whole.

    Nothing where it cannot be told what is shared: "the causes, courses and effects of the war".
    """
    *pieces, last = [piece for piece in _COMMA.split(clause.strip()) if piece] or [""]
    ends = [last] if _OXFORD.search(clause) else _AND.split(last)
    shared = [bool(_SHARED.search(piece)) for piece in (*pieces, *ends)]
    if len(shared) == 1:
        return [*pieces, *ends]
    if _BETWEEN.search(clause) or shared[-1] != shared[-2]:
        return [] if pieces else [last]
    return [*pieces, *ends]


def _plain(text: str) -> bool:
    words = text.split()
    return 0 < len(words) <= MOST_WORDS and not _VAGUE.search(text) and bool(terms(text))


def _plain_chinese(text: str) -> bool:
    return 2 <= len(text) <= MOST_CHARACTERS and not _VAGUE_CHINESE.search(text)
