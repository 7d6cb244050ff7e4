"""Documents with demands on their contents: what a prompt asks for, kept and missed."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from domain.outline.plan import Outline, Part, SectionPlan
from tests.corpora.documents import CHINESE, ENGLISH

THINGS = {
    "en": (
        ("brass telescope", "Two brass telescopes lay on the sill that evening."),
        ("Lake Geneva", "A postcard of Lake Geneva was pinned beside the door."),
        ("copper kettle", "Nobody polished the kettle of copper any more."),
        ("violin", "Someone upstairs was tuning violins for the fair."),
        ("Edith Marlow", "Edith Marlow kept the accounts and said little."),
        ("1,250 apples", "They counted 1250 apples before the rain came."),
        ("juniper gin", "Juniper gin was served in thimbles after supper."),
        ("glass eye", "His glass eye was the colour of weak tea."),
    ),
    "zh": (
        ("铜望远镜", "窗台上放着一架铜望远镜。"),
        ("青石牌坊", "他每天都要走过那座青石牌坊。"),
        ("老怀表", "抽屉里的老怀表早就不走了。"),
        ("桂花糕", "她带来一盒桂花糕分给大家。"),
        ("林秋白", "林秋白把账本合上，什么也没说。"),
        ("蓝印花布", "墙上挂着一块蓝印花布。"),
        ("马灯", "有人提着马灯从院子里走过。"),
    ),
}
EXAMPLES = {
    "en": ("For example, a single tide may bring in a ton of weed.",
           "Take the case of the old weir, for instance, which failed twice.",
           "Wooden tools, such as rakes, wear out first."),
    "zh": ("例如，一次涨潮就会带来许多水草。", "比如旧堰坝，就坏过两次。", "譬如木耙，最先磨坏。"),
}  # fmt: skip
TABLE = {
    "en": "| year | boats |\n|---|---|\n| 1901 | 12 |",
    "zh": "| 年份 | 船只 |\n|---|---|\n| 一 | 二 |",
}
SLOGAN = {"en": ("time and tide", "The sign said: time and tide."),
          "zh": ("风雨同舟", "牌匾上写着风雨同舟四个字。")}  # fmt: skip


@dataclass(frozen=True)
class Demand:
    """One clause of a prompt, and what keeps and what breaks it."""

    kind: str
    clause: str
    kept: tuple[tuple[int, str], ...]
    """(number of the part from 0, sentence) that have to be there."""
    broken: tuple[int, str] | None = None
    """What must not be there, for a demand that forbids."""
    named: str = ""
    """What a finding must name."""


Maker = Callable[[random.Random, str, int, tuple[str, str]], Demand]


def _either(language: str, english: str, chinese: str) -> str:
    return english if language == "en" else chinese


def once(rng: random.Random, language: str, parts: int, thing: tuple[str, str]) -> Demand:
    clause = _either(language, f"Mention the {thing[0]}.", f"必须提到{thing[0]}。")
    return Demand("once", clause, ((rng.randrange(parts), thing[1]),), named=thing[0])


def at_end(rng: random.Random, language: str, parts: int, thing: tuple[str, str]) -> Demand:
    clause = _either(language, f"At the end, mention the {thing[0]}.", f"结尾要提到{thing[0]}。")
    return Demand("end", clause, ((parts - 1, thing[1]),), named=thing[0])


def in_range(rng: random.Random, language: str, parts: int, thing: tuple[str, str]) -> Demand:
    clause = _either(
        language,
        f"In chapters 2 to 4, mention the {thing[0]}.",
        f"第二章到第四章要提到{thing[0]}。",
    )
    return Demand("range", clause, ((rng.randint(1, 3), thing[1]),), named=thing[0])


def each_of(rng: random.Random, language: str, parts: int, thing: tuple[str, str]) -> Demand:
    clause = _either(
        language, f"Every chapter should mention the {thing[0]}.", f"每一章都要提到{thing[0]}。"
    )
    return Demand("each", clause, tuple((n, thing[1]) for n in range(parts)), named=thing[0])


def periodic(rng: random.Random, language: str, parts: int, thing: tuple[str, str]) -> Demand:
    clause = _either(
        language, f"Every third chapter must mention the {thing[0]}.", f"每三章提到一次{thing[0]}。"
    )
    numbers = range(2, parts, 3)
    return Demand("periodic", clause, tuple((n, thing[1]) for n in numbers), named=thing[0])


def twice(rng: random.Random, language: str, parts: int, thing: tuple[str, str]) -> Demand:
    clause = _either(
        language, f"Mention the {thing[0]} at least twice.", f"必须提到{thing[0]}至少2次。"
    )
    one, other = rng.sample(range(parts), 2)
    return Demand("twice", clause, ((one, thing[1]), (other, thing[1])), named=thing[0])


def quoted(rng: random.Random, language: str, parts: int, thing: tuple[str, str]) -> Demand:
    words, sentence = SLOGAN[language]
    clause = _either(language, f'Use the phrase "{words}".', f"必须使用“{words}”一词。")
    return Demand("quoted", clause, ((rng.randrange(parts), sentence),), named=words)


def examples(rng: random.Random, language: str, parts: int, thing: tuple[str, str]) -> Demand:
    clause = _either(language, "Include at least one table.", "至少使用一个表格。")
    return Demand("count", clause, ((rng.randrange(parts), TABLE[language]),), named="tables")


def forbidding(rng: random.Random, language: str, parts: int, thing: tuple[str, str]) -> Demand:
    clause = _either(language, f"Do not mention the {thing[0]}.", f"不要提到{thing[0]}。")
    return Demand("forbid", clause, (), (rng.randrange(parts), thing[1]), thing[0])


def no_table(rng: random.Random, language: str, parts: int, thing: tuple[str, str]) -> Demand:
    clause = _either(language, "Do not use any tables.", "不要使用表格。")
    return Demand("none", clause, (), (rng.randrange(parts), TABLE[language]), "tables")


MAKERS: tuple[Maker, ...] = (
    once, at_end, in_range, each_of, periodic, twice, quoted, examples, forbidding, no_table,
)  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """A prompt, the plan it led to, and what was written."""

    prompt: str
    outline: Outline
    texts: dict[str, str]
    demand: Demand
    """The demand that is broken here, if one is."""
    places: frozenset[str] = frozenset()
    """Sections one of which a finding has to name."""


def asked(seed: int, *, spoilt: bool) -> Asked:
    """A document of seven or eight parts with three demands; `spoilt`: the first is missed."""
    rng = random.Random(seed)
    language = "en" if seed % 2 == 0 else "zh"
    parts = rng.randint(7, 8)
    things = rng.sample(THINGS[language], 3)
    first = MAKERS[(seed // 2) % len(MAKERS)]
    others = rng.sample([m for m in MAKERS if m not in (first, examples, no_table)], 2)
    demands = [make(rng, language, parts, thing)
               for make, thing in zip((first, *others), things, strict=True)]  # fmt: skip
    nested = rng.random() < 1 / 2
    outline = _outline(parts, nested=nested)
    bodies = _bodies(rng, language, outline)
    missed = rng.choice(demands[0].kept) if spoilt and demands[0].kept else None
    for demand in demands:
        for number, sentence in demand.kept:
            if not (missed and demand is demands[0] and (number, sentence) == missed):
                part = outline.parts[number]
                _insert(rng, bodies, part, sentence, last=demand.kind == "end")
    places = frozenset(s.key for s in outline.sections)
    if missed and demands[0].kind in ("end", "each", "periodic"):
        places = frozenset(s.key for s in outline.parts[missed[0]].sections)
    if spoilt and demands[0].broken:
        number, sentence = demands[0].broken
        places = frozenset({_insert(rng, bodies, outline.parts[number], sentence)})
    clauses = " ".join(demand.clause for demand in rng.sample(demands, len(demands)))
    lead = _either(language, "Write a book about the harbour.", "写一本关于港口的书。")
    texts = {key: "\n\n".join(blocks) for key, blocks in bodies.items()}
    return Asked(f"{lead} {clauses}", outline, texts, demands[0], places)


def clean(number: int = 40) -> Iterator[Asked]:
    """Documents that keep to all that was asked of them."""
    return (asked(seed, spoilt=False) for seed in range(1_000, 1_000 + number))


def planted(number: int = 60) -> Iterator[Asked]:
    """Documents that miss one demand each."""
    return (asked(seed, spoilt=True) for seed in range(number))


def _outline(parts: int, *, nested: bool) -> Outline:
    made = []
    for number in range(1, parts + 1):
        keys = [f"{number}.1", f"{number}.2"] if nested else [str(number)]
        sections = tuple(SectionPlan(key, f"Heading {key}", "", 100) for key in keys)
        made.append(Part(str(number), f"Heading {number}", "", 100 * len(keys), sections))
    return Outline("A book", sum(part.target for part in made), tuple(made))


def _bodies(rng: random.Random, language: str, outline: Outline) -> dict[str, list[str]]:
    materials = ENGLISH if language == "en" else CHINESE
    stock = [paragraph for material in materials for paragraph in material.paragraphs]
    rng.shuffle(stock)
    return {
        s.key: [stock[n % len(stock)], stock[(n + 7) % len(stock)]]
        for n, s in enumerate(outline.sections)
    }


def _insert(
    rng: random.Random,
    bodies: dict[str, list[str]],
    part: Part,
    sentence: str,
    *,
    last: bool = False,
) -> str:
    key = part.sections[-1].key if last else rng.choice(part.sections).key
    bodies[key].insert(rng.randint(0, len(bodies[key])), sentence)
    return key
