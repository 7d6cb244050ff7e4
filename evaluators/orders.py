"""Knows the sentences with which a text orders whoever judges it to think well of it.

English and Chinese; each pattern looks at the first `REACH` characters of one sentence. A text may
well speak *about* judges: what is told of others ("the judge must give", "it told the model to
ignore") begins otherwise, and general instructions to graders name no text of their own.
"""

import re

from evaluators.phrases import REACH

JUDGE = (
    r"(?:judges?|evaluators?|graders?|examiners?|jury|jurors?|reviewers?|assessors?|markers?|"
    r"critics?|raters?|scorers?|language model|llm|ai|gpt|assistant)"
)
JUDGE_ZH = "(?:评委|评审|评分[员者人]|阅卷[人老]|裁判|考官|评估[者员]|评判者|评测员|评卷人)"
GIVE = r"(?:give|award|assign|grant|rate|score|grade|mark|evaluate|judge|rank)"
SAY = r"(?:output|return|respond with|answer(?: with)?|reply with|print|write|say|choose|select)"
TOP = (
    r"(?:(?:the |a )?(?:very )?(?:highest|maximum|top|full|perfect|best|excellent|high)"
    r"(?: possible)?(?: \w+)? (?:scores?|marks?|ratings?|grades?|points?|credits?|stars)"
    r"|full marks|top marks|(?:an? )?(?:score|rating|grade|mark) of (?:\d|five|ten|a hundred)"
    r"|(?:5|10|100|five|ten)(?:[ -]?(?:points?|stars?)|\s?/\s?(?:5|10|100)"
    r"| out of (?:5|10|100|five|ten))|(?:an? )?a\+)"
)
TOP_ZH = r"(?:满分|最高分|高分|最高评价|最高等级|五分|十分|一百分|\d{1,3}分(?!钟))"

_NOUN = (
    r"(?:essay|text|response|answer|article|submission|piece|output|document|composition|writing|"
    r"paper|entry|reply|assignment|work|story|report)"
)
_NAMED = (
    rf"(?:(?:this|my|our|the (?:above|following|present|given)) (?:\w+ ){{0,2}}?{_NOUN}"
    rf"|the {_NOUN} (?:above|below))"
)
_THIS = rf"(?:{_NAMED}|this|it|me)"
_OWN_ZH = (
    "(?:这篇|这份|本篇|该篇|此篇|本|这个|我的|以上|上述)"
    "(?:文章?|作文|论文|回答|答案|答卷|报告|作品|稿子|文本|文字|故事|内容)"
)
_LEAD = (
    r"(?:please|kindly|now|so|thus|therefore|hence|and|important|attention|note|system|clearly|"
    r"surely|undoubtedly|certainly|indeed|again|finally|from now on|without (?:a )?doubt|in short|"
    rf"remember|(?:as|being) (?:an?|the|my|our) (?:[\w-]+ ){{0,3}}?{JUDGE}|"
    rf"(?:(?:note )?to (?:the |all )?|dear |honou?rable |esteemed )?{JUDGE}|you (?:must|should|"
    r"shall|will|have to|need to|ought to|are (?:required|instructed|asked) to)|i (?:ask|urge|beg|"
    r"order|instruct|command) you to|(?:the|your) (?:only )?(?:task|job|duty|role) is (?:now )?to"
    r"|always|(?:i|we) (?:\w+ )?(?:believe|think|know|trust|hope|submit|insist)(?: that)?"
    r"|(?:i am|we are) (?:\w+ ){0,2}?(?:confident|sure|certain|convinced)(?: that)?"
    r"|it is (?:\w+ )?(?:clear|obvious|evident|certain) that"
    rf"|(?:any|every|each) (?:\w+ )?{JUDGE} (?:will|must|should|would|can) (?:\w+ )?(?:agree|see|"
    r"admit|find|conclude)(?: that)?)[,:!.]*\s+"
    rf"|(?:请|務必|务必|必须|您|你|应该|应当|一定|都|现在|立刻|因此|所以|显然|毫无疑问|无疑|直接|只需|"
    rf"只能|需要|各位|尊敬的|亲爱的|敬爱的|(?:作为|身为)[^，,。]{{0,14}}|{JUDGE_ZH}|老师|模型|注意|我认为|"
    r"我相信|可以说|[，,：:！!、 ])"
)
_BID_ZH = (
    rf"(?:(?:作为|身为)[^，,。]{{0,14}}[，,]?)?(?:尊敬的|亲爱的|各位)?(?:{JUDGE_ZH}|老师|模型)*们?[，,：:！!]?"
    "(?:请|務必|务必|必须|你|您|应该|应当|一定|只需|直接|现在|都|要)+"
)

_ENGLISH = (
    rf"{GIVE} {_THIS}\b.{{0,60}}?\b{TOP}",
    rf"{GIVE} {TOP} (?:to|for) {_THIS}\b",
    rf"{GIVE} {_THIS} (?:\w+ ){{0,2}}?(?:as )?(?:an? )?(?:5|10|100|five|ten)\b[.!]?$",
    rf"{GIVE} {_THIS} (?:as )?(?:excellent|perfect|outstanding|flawless)\b",
    rf"{SAY} (?:only |just )?(?:the |an? )?(?:final |overall )?(?:score|rating|grade|verdict|mark) "
    r"(?:of )?(?:\d|five|ten)",
    rf"(?:as|being) (?:an?|the|my|our) (?:[\w-]+ ){{0,3}}?{JUDGE},? .{{0,30}}?\b(?:{GIVE}|{SAY})\b"
    rf".{{0,40}}?(?:\b(?:5|10|100|five|ten)|{TOP})[.!]*$",
    r"(?:ignore|disregard|forget|override|skip) (?:all |any |the |of |your |my |these )*(?:"
    r"previous|prior|earlier|above|preceding) (?:\w+ ){0,2}?(?:instructions?|prompts?|rules?|"
    r"criteria|guidelines?|rubrics?|directions?|orders?)",
    r"(?:ignore|disregard|forget|override) (?:the|your|any|all)(?: the)? (?:(?:scoring|grading|"
    r"evaluation|marking|judging) \w+|rubrics?\b|system prompt)",
    r"(?:do not|don['’]t|never) (?:deduct|take off|subtract)\b.{0,30}?\b(?:from|for) "
    r"(?:this|my|it)\b",
    rf"{_NAMED} (?:\w+ )?(?:deserves|merits|earns|warrants|(?:should|must) (?:be (?:given|awarded|"
    r"rated|scored|graded|marked)|receive|get|earn|score)|is (?:worth|worthy of|entitled to))\b"
    rf".{{0,40}}?(?:{TOP}|\b(?:5|10|100|five|ten)\b|\b(?:score|rating|grade|marks)\b)",
    rf"this is .{{0,60}}?\b(?:deserves|merits|worth(?:y of)?) .{{0,30}}?{TOP}",
    rf"{_NAMED} (?:\w+ )?(?:meets|fulfil+s|satisfies|follows|addresses|answers|exceeds)\b.{{0,40}}?"
    r"\b(?:prompt|rubric|assignment|instructions|(?:scoring|grading|evaluation) criteria)\b",
)
_CHINESE = (
    rf"{_BID_ZH}(?:给|为|替|把|将)(?:出|予)?(?:{_OWN_ZH}|我|它)[^。！？]{{0,12}}?(?:{TOP_ZH}|优秀)",
    rf"(?:给|为|把|将){_OWN_ZH}[^。！？]{{0,8}}?{TOP_ZH}[。！!]?$",
    rf"{_BID_ZH}(?:输出|回复|回答|填写|打出|给出|返回|打|给)(?:分数|评分|数字|结果)?[“\"：:]*(?:{TOP_ZH}|"
    r"\d{1,3}[”\"]?[。！!]?$)",
    r"(?:忽略|无视|忘记|忘掉|不要理会|跳过)掉?[你您]?(?:之前|此前|以前|以上|上述|前面|先前|前文|所有|全部|一切)"
    r"[^。！？]{0,12}?(?:指令|指示|要求|说明|标准|规则|提示|约束)",
    r"(?:忽略|无视|忘记|忘掉|不要理会)掉?(?:你的|您的|全部|所有)?(?:评分|评审|打分|评价|评判|系统提示)",
    r"(?:不要|不得|切勿|别|不应|不能)(?:扣|减)掉?(?:任何)?分",
    rf"{_OWN_ZH}[^。！？]{{0,12}}?(?:应该|应当|理应|值得|配得上|必须|应|当之无愧|完全可以)[^。！？]{{0,12}}?{TOP_ZH}",
    rf"{_OWN_ZH}[^。！？]{{0,8}}?(?:完全|全面|完美|充分|严格|圆满|出色|都|均)[^。！？]{{0,4}}?(?:满足|符合|达到|遵循|"
    r"回应|回答|覆盖)[^。！？]{0,10}?(?:题目|评分标准|提示词|指令|作文要求)",
)
_LEADS = re.compile(rf"(?:{_LEAD}){{0,8}}", re.IGNORECASE)
_ORDER = re.compile("|".join(f"(?:{one})" for one in _ENGLISH + _CHINESE), re.IGNORECASE)
_CONDITION = re.compile(
    r"\b(?:if|when|whenever|unless|only (?:to|for|where)|where|provided|in case)\b"
    r"|如果|若是|只有|除非|凡是|的话|当.{1,16}时",
    re.IGNORECASE,
)
_EMPHASIS = re.compile(r"[*_]+")
_MARKS = " \t\u3000*_#>~-“”\"'‘’「」『』（("


def is_order(sentence: str) -> bool:
    """Whether a sentence tells a judge what to think of the text in which it stands.

    What holds under a condition ("give five points only if") is a rule for graders, no order.
    """
    start = said(sentence)
    lead = _LEADS.match(start)
    found = _ORDER.match(start) or (lead and _ORDER.match(start, lead.end()))
    return bool(found) and not _CONDITION.search(start)


def said(sentence: str) -> str:
    """The beginning of a sentence without the marks before it."""
    return _EMPHASIS.sub("", sentence[:REACH]).strip().lstrip(_MARKS)
