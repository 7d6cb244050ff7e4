"""Knows how assistants talk around a text: preambles, farewells, remarks on length, labels.

English and Chinese. The gates report these phrases, and cleaning removes those at the ends, so
that both agree on what is not prose. Every pattern looks at one line, and at its first
`REACH` characters only, so the cost is linear in the text.
"""

import re

REACH = 400
"""Characters of a line that are looked at: no phrase of an assistant is longer."""

_FLAGS = re.IGNORECASE
_IS = r"(?:['’]s| is| are)"
_WILL = r"(?:['’]ll| will| can|['’]d be happy to| would be happy to)"
_MADE = r"written|rewritten|revised|expanded|enriched|extended|shortened|drafted|prepared|edited"
_KIND = (
    r"(?:section|chapter|draft|continuation|rewrite|article|essay|story|passage|paragraphs?|text|"
    r"version|response|answer|report|piece|output|document|content|introduction|conclusion)"
)
_OURS = r"(?:section|chapter|draft|continuation|rewrite|response|output)"
_STATE = rf"(?:{_MADE}|improved|updated|polished|requested|[\d,]+[- ]word)"
_YES = (
    r"(?:sure(?: thing)?|certainly|of course|absolutely|okay|ok|alright|understood|got it|"
    r"definitely|no problem|gladly|great)"
)
_HERE = rf"(?:here{_IS}|below{_IS}|the following is)"

_PREAMBLES = (
    rf"{_YES}[!,.:—–-]*\s*(?:{_HERE}\b|this is the\b|i{_WILL}\b|i(?:['’]ve| have)\b|let me\b|"
    rf"below\b|as requested)",
    rf"{_YES}[!.]*$",
    rf"{_HERE} (?:the|your|an?|my) (?:[\w'’-]+ ){{0,5}}?{_STATE} (?:[\w'’-]+ ){{0,4}}?{_KIND}\b",
    rf"{_HERE} (?:the|your|my) (?:[\w'’-]+ ){{0,4}}?{_OURS}(?:[^:.\n]{{0,120}}:| you\b|[.!]?$)",
    rf"{_HERE} (?:the|your|my|an?) (?:(?:complete|full|final|detailed|new) )?{_KIND}(?: (?:for|"
    rf"on|about|titled)\b[^:\n]{{0,120}})?:\s*$",
    rf"i(?:['’]ve| have) (?:now )?(?:{_MADE}) (?:the|this|your|an?) (?:[\w'’-]+ ){{0,4}}?{_KIND}\b",
    rf"i{_WILL} (?:now )?(?:write|expand|continue|draft|revise|rewrite|provide) "
    rf"(?:with )?(?:the|this|your|an?) (?:[\w'’-]+ ){{0,4}}?{_KIND}\b",
    r"as (?:requested|per your (?:request|instructions))\b",
    r"based on (?:your|the (?:given|provided)) (?:request|outline|instructions|prompt)\b",
    r"continuing (?:from|with) (?:where|the previous|the next)\b",
    r"(?:ok(?:ay)?|alright|hmm|so)?[,.]?\s*the user (?:wants|asked|asks|is asking|requested) "
    rf"(?:me|us|for an?|to write|an? (?:[\w'’-]+ ){{0,3}}?{_KIND})\b",
    rf"(?:ok(?:ay)?|alright|hmm|so)?[,.]?\s*(?:we|i) (?:need|have) to (?:write|produce|output|"
    rf"generate) (?:about|approximately|(?:an?|the|this) (?:[\w'’-]+ ){{0,4}}?{_KIND})\b",
    r"(?:好的?|当然(?:可以)?|没问题|可以的?|明白了?|收到)[，,。！!、：:]\s*"
    r"(?:以下|下面|这是|这里是|我(?:将|会|来|们)|为[您你]|根据|让我|按照)",
    r"(?:好的|当然可以|没问题|明白了?|收到)[，,。！!]?$",
    r"(?:以下|下面)(?:就)?[是为][^。！？：:\n]{0,40}?(?:章节?|小?节|部分|正文|版本?|文章|稿|段落?|全文|"
    r"续写|改写|扩写|内容)(?:[^。！？：:\n]{0,12})?(?:[：:]|。?$)",
    r"(?:根据|按照)[您你]的(?:要求|需求|请求|大纲|提示|指示)",
    r"这(?:里)?是(?:为|根据|按照)[您你]",
    r"(?:好的?|嗯|首先)?[，,]?\s*用户(?:要求|希望|想要|需要|让)我",
)
_FAREWELLS = (
    r"(?:please )?let me know (?:if|how|whether|what|which)\b.{0,40}?\b(?:you(?:['’]d| would| want|"
    r" need| like| think| have any| prefer)|changes|revisions|adjustments|anything)",
    r"(?:please )?(?:feel free|do(?:n['’]t| not) hesitate) to (?:ask|let me|tell me|request|"
    r"reach out|"
    r"contact me)\b",
    r"i hope (?:this|that|it|these|you)\b.{0,60}?\b(?:help|useful|meets?|satisf|works|expect|"
    r"enjoy)",
    r"(?:would you like|do you want) (?:me to|to see|any (?:changes|revisions|adjustments))\b",
    r"(?:shall|should) i (?:continue|proceed|go on|write|expand)\b",
    r"if you(?:['’]d| would)? (?:like|need|want|have|wish|prefer)\b.{0,100}?\b(?:let me know|"
    r"i can\b|"
    r"i['’](?:ll|d)\b|just (?:ask|say|tell)|feel free)",
    r"i(?:['’]m| am|['’]d be| would be|['’]ll be)? (?:can|could|happy to|"
    r"glad to) (?:also )?(?:continue|"
    r"expand|provide|adjust|revise|write|add|make)\b.{0,80}?\b(?:if you|the next|further|changes|"
    r"revisions|adjustments)",
    r"希望[^。！？\n]{0,24}[您你][^。！？\n]{0,16}(?:帮助|帮到|满意|有用|喜欢|要求|需求)",
    r"希望(?:以上|这篇|这个|这段)[^。！？\n]{0,24}(?:帮助|满意|有用|符合|要求|需求)",
    r"(?:如果?|若)[您你]?(?:有|需要|想|希望|还)[^。！？\n]{0,50}?(?:告诉我|告知我?|随时|提出|联系我)",
    r"请(?:随时)?(?:告诉我|告知我|提出您)",
    r"(?:需要我|要不要我|是否需要我|是否继续|要我继续)",
)
_META_LINES = (
    r"[(\[*_{]*(?:(?:approx(?:imate|\.)?|total|final|current|target|actual)\s+)?(?:word|"
    r"character)s?"
    r"[ -]?count\W{0,6}(?:about|around|approximately|approx\.?)?\s*\d[\d,.]*(?: (?:words|"
    r"characters))?"
    r"[)\]*_}.]*$",
    r"[(\[*_]+(?:about |around |approximately |approx\.? |~ ?|total:? )?\d[\d,]*\+? words"
    r"(?: total| in total)?[)\]*_.]+$",
    rf"[(\[*_-]+\s*(?:the )?end of (?:the )?(?:{_KIND}|part|excerpt|outline|scene)\b[^\n]{{0,60}}"
    r"[)\]*_.-]+$",
    rf"end of (?:the )?(?:{_OURS}|part|excerpt)(?: [\divx]+)?[.]?$",
    rf"[(\[*_]+\s*(?:(?:the )?{_KIND} )?(?:to be )?continue[sd]?\b[^\n]{{0,60}}[)\]*_.…]+$",
    r"[(\[*_]*to be continued[)\]*_.… ]*$",
    rf"[(\[*_]*note\W{{0,4}}\s*(?:this|the|i|i['’]ve|my|above)\b[^\n]{{0,60}}?\b(?:{_KIND}|"
    rf"have|am|was)"
    rf"\b[^\n]{{0,120}}?\b(?:words?|word count|request|outline|instructions|length|prompt|"
    rf"{_MADE})\b",
    r"[(\[*_]*note\W{0,4}[^\n]{0,80}?\b\d[\d,]* words\b",
    rf"[(\[*_]*(?:this|the) {_KIND} (?:is|contains|has|comes to|runs to|totals)\b[^\n]{{0,30}}?"
    r"\d[\d,]*[ -]words?\b",
    r"[(\[]\s*(?:the )?(?:rest|remainder) of (?:the |this )?\w+[^)\]\n]{0,60}[)\]]\.?$",
    r"[（(【\[*]*(?:全文|本节|本章|正文|总|实际)?字数(?:统计)?[：:约\s]*\d+\s*字?[^\n]{0,4}$",
    r"[（(【\[]\s*(?:全文|本节|本章|正文)?(?:共计|共|总计|大约|约)+\s*\d+\s*[个余]?字[）)】\]。]*$",
    r"[（(【\[]*\s*(?:未完[，,]?)?待续[.…。]*[）)】\]]*$",
    r"[（(【\[]\s*(?:本节|本章|全文|正文|第.{1,4}[章节])?(?:完|结束|完毕|未完)\s*[）)】\]]$",
    r"[（(【\[*]*注[：:][^\n]{0,40}?(?:本节|本章|本文|以上|字数|\d+\s*字)[^\n]{0,40}",
)
_LABELS = (
    r"[-*>#\s_]*(?:main point|must (?:not )?cover|do not cover|must include|opens from|"
    r"hands over(?: to)?|target length|section (?:title|heading|target|number))[*_]*\s*:",
    r"[-*>#\s_]*(?:target )?length[*_]*\s*:[*_]*\s*(?:about|around|approximately|approx\.?|~)\s*\d",
    r"[-*>#\s_]*(?:target )?length[*_]*\s*:[*_]*\s*\d[\d,]* (?:words|characters)\b",
    r"[-*>#\s_]*(?:本节要点|主要观点|核心观点|目标字数|字数要求|篇幅要求|上文承接|不得涉及|不要写)[*_]*\s*[：:]",
)
_NUMBERED = (
    r"(?:section|chapter|part)\s+(?:\d+(?:\.\d+)*|[ivxlc]+|one|two|three|four|five|six|seven|"
    r"eight|nine|ten)\b\s*(?:[:：.—–-]|$)",
    r"第\s*[\d一二三四五六七八九十百零]+\s*(?:章|节|部分|回)\s*(?:[：:、.\s]|$)",
)


def _any(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), _FLAGS)


_PREAMBLE = _any(_PREAMBLES)
_FAREWELL = _any(_FAREWELLS)
_META = _any(_META_LINES)
_LABEL = _any(_LABELS)
_NUMBER = _any(_NUMBERED)
_MARKS = " \t\u3000*_#>~-"
_STOP = re.compile(r"[:：]|[.!。！](?=\s|$)")


def bare(line: str) -> str:
    """The beginning of a line without indentation, emphasis, heading and quote marks."""
    return line[:REACH].lstrip(_MARKS).rstrip()


def preamble_end(line: str) -> int:
    """How many characters of a first line are an announcement of the text; 0 for none.

    The announcement ends at its colon or, failing that, with its sentence.
    """
    head = line[:REACH]
    start = len(head) - len(head.lstrip(_MARKS))
    found = _PREAMBLE.match(head[start:].rstrip())
    if not found:
        return 0
    end = start + found.end()
    if head[end - 1] in ":：":
        return end
    tail = head[end:]
    colon = re.match(r"[^:：\n.。!！]*[:：]", tail)
    stop = colon or re.search(_STOP, tail)
    if stop:
        return end + stop.end()
    return len(line) if len(line) <= REACH else 0


def is_farewell(sentence: str) -> bool:
    """Whether a sentence at the end of a text speaks to the one who asked for it."""
    return bool(_FAREWELL.match(bare(sentence)))


def is_meta(line: str) -> bool:
    """Whether a whole line is a remark on the text: its length, its end, its continuation."""
    stripped = line.strip()
    return len(stripped) <= REACH and bool(_META.match(stripped))


def is_label(line: str) -> bool:
    """Whether a line is one of an outline's fields, such as `Main point:`."""
    return bool(_LABEL.match(line[:REACH]))


def numbered_end(line: str) -> int:
    """Where `Section 3:` or the like ends at the start of a line without marks; 0 if absent."""
    found = _NUMBER.match(line[:REACH])
    return found.end() if found else 0
