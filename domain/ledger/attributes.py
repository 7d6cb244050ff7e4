"""Knows what an attribute is called: "founding year", "established", "成立时间" are one."""

from __future__ import annotations

from typing import Final

import regex

FOUNDED, BUILT, OPENED, BORN, DIED = "founded", "built", "opened", "born", "died"
ENGLISH_EVENTS: Final = {
    FOUNDED: "founded|established|set up|incorporated",
    BUILT: "built|constructed|erected|completed",
    OPENED: "opened|inaugurated|launched",
    BORN: "born",
    DIED: "died|killed",
    "published": "published|released",
    "invented": "invented|discovered",
    "closed": "closed|abolished|dissolved",
    "signed": "signed|ratified",
}
CHINESE_EVENTS: Final = {
    FOUNDED: "成立|创立|创办|创建|组建",
    BUILT: "建成|修建|始建|建造|竣工|落成",
    OPENED: "开业|开放|通车|启用|开馆|开张",
    BORN: "出生|生",
    DIED: "逝世|去世|病逝|卒",
    "published": "出版|发表|问世|首播",
    "invented": "发明|发现",
    "closed": "关闭|停业|解散|撤销",
    "signed": "签署|签订",
}
"""What happens once to a thing: its date does not change."""
DIMENSIONS: Final = {
    "length": ("long|length", "长|全长|长度"),
    "height": ("tall|high|height", "高|高度|身高|海拔"),
    "width": ("wide|width|broad", "宽|宽度"),
    "depth": ("deep|depth", "深|深度"),
    "weight": ("weighs?|weighed|weight|heavy", "重|重量|体重"),
    "area": ("covers?|covered|area", "面积|占地|占地面积"),
    "population": ("population|inhabitants|residents|people live", "人口"),
    "price": ("costs?|cost|price|budget", "价格|造价|耗资|售价|预算"),
    "speed": ("speed", "速度|时速"),
    "capacity": ("capacity|holds?|seats?", "容量|容纳|座位"),
    "age": ("old|age|aged", "年龄|岁|现年|今年"),
    "distance": ("away|distance", "距离|距"),
    "temperature": ("temperature", "温度|气温"),
}
ROLES: Final = {
    "capital": ("capital", "首都|省会|首府"),
    "wife": ("wife", "妻子|太太|夫人"),
    "husband": ("husband", "丈夫"),
    "father": ("father", "父亲|爸爸"),
    "mother": ("mother", "母亲|妈妈"),
    "author": ("author|writer", "作者"),
    "director": ("director|headmaster|headmistress|principal", "院长|校长|馆长|导演"),
    "founder": ("founder", "创始人|创办人"),
    "architect": ("architect|designer", "设计师|设计者"),
    "owner": ("owner|landlord", "主人|老板"),
    "captain": ("captain", "船长|队长"),
    "mayor": ("mayor", "市长|镇长"),
    "name": ("name", "名字|名称"),
}
"""What a thing has one of at a time."""
MAKERS: Final = {
    "founded": "founder", "established": "founder", "written": "author", "designed": "architect",
    "built": "builder", "painted": "painter", "composed": "composer", "invented": "inventor",
    "discovered": "discoverer", "owned": "owner", "创立": "founder", "创办": "founder",
    "设计": "architect", "发明": "inventor", "撰写": "author",
}  # fmt: skip
_ALL = {
    **{name: f"{one}|{CHINESE_EVENTS.get(name, name)}" for name, one in ENGLISH_EVENTS.items()},
    **{name: "|".join(pair) for name, pair in (*DIMENSIONS.items(), *ROLES.items())},
}
_EXTRA: Final = {
    "founding": FOUNDED, "foundation": FOUNDED, "birth": BORN, "death": DIED, "opening": OPENED,
    "construction": BUILT, "成立": FOUNDED,
}  # fmt: skip
_IDLE = regex.compile(r"\b(?:year|date|of|the|its|in|total|time)\b|时间|日期|年份|年$")


def attribute_key(text: str) -> str:
    """The canonical name of an attribute; an unknown one in lower case without idle words."""
    plain = " ".join(_IDLE.sub(" ", text[:200].casefold()).split()) or text[:200].casefold()
    return _KNOWN.get(plain) or _EXTRA.get(plain) or plain


_KNOWN: Final = {
    word: name for name, words in _ALL.items() for word in (name, *regex.split(r"\|", words))
}
