"""Documents that state facts twice: in agreement, or, where planted, in contradiction."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from tests.corpora.documents import CHINESE, ENGLISH

# (kind, what is said first, the same said again in another way, what cannot be true as well)
CLAIMS = {
    "en": (
        (
            "founded",
            "Acme Press was founded in 1987.",
            "Founded in May 1987, Acme Press grew.",
            "Acme Press was established in 1962.",
        ),
        (
            "length",
            "Harrow Bridge is 400 m long.",
            "The length of Harrow Bridge is about 0.4 km.",
            "Harrow Bridge is 900 metres long.",
        ),
        (
            "height",
            "The water tower is 38 metres tall.",
            "The height of the water tower is 125 feet.",
            "The water tower is 52 metres tall.",
        ),
        (
            "population",
            "The population of Wexcombe is 12,000.",
            "Wexcombe has 11,953 inhabitants.",
            "Wexcombe has a population of 31,000.",
        ),
        (
            "age",
            "Dr. Mary Carter is 42 years old.",
            "Carter is forty-two years old.",
            "Mary Carter is 67 years old.",
        ),
        (
            "born",
            "Edith Marlow was born on 12 March 1950.",
            "Marlow was born in 1950.",
            "Edith Marlow was born in 1931.",
        ),
        (
            "role",
            "Wexcombe's mayor is John Pike.",
            "The mayor of Wexcombe is Pike.",
            "The mayor of Wexcombe is Anna Brook.",
        ),
        (
            "maker",
            "The old museum was designed by Clara Voss.",
            "The old museum was designed by C. Voss.",
            "The old museum was designed by Otto Lang.",
        ),
        (
            "count",
            "Saint Bride School has 12 classrooms.",
            "Saint Bride School has twelve classrooms.",
            "Saint Bride School has 19 classrooms.",
        ),
        (
            "changed",
            "The canal is 8 m wide.",
            "In 1990 the canal was widened, and the canal is 12 m wide.",
            "The canal is 15 m wide.",
        ),
    ),
    "zh": (
        (
            "founded",
            "明德学校成立于1987年。",
            "明德学校创办于1987年9月。",
            "明德学校成立于1962年。",
        ),
        (
            "length",
            "青石大桥全长400米。",
            "青石大桥长约0.4公里。",
            "青石大桥全长900米。",
        ),
        (
            "height",
            "北山灯塔高三十八米。",
            "北山灯塔高38米。",
            "北山灯塔高52米。",
        ),
        (
            "population",
            "柳溪镇人口约为12000人。",
            "柳溪镇人口为1.2万。",
            "柳溪镇人口为31000人。",
        ),
        (
            "age",
            "林秋白今年42岁。",
            "林先生今年四十二岁。",
            "林秋白今年67岁。",
        ),
        (
            "born",
            "周文清出生于1950年3月12日。",
            "周文清出生于1950年。",
            "周文清出生于1931年。",
        ),
        (
            "role",
            "明德学校的校长是周文清。",
            "明德学校的校长是周文清先生。",
            "明德学校的校长是吴立人。",
        ),
        (
            "maker",
            "望江茶馆由李守义创办。",
            "望江茶馆由李守义先生创办。",
            "望江茶馆由陈半山创办。",
        ),
        (
            "count",
            "明德学校有12间教室。",
            "明德学校共有十二间教室。",
            "明德学校有19间教室。",
        ),
        (
            "changed",
            "老运河宽8米。",
            "后来河道扩建，老运河宽12米。",
            "老运河宽15米。",
        ),
    ),
}
PROMISES = {
    "en": ("We will return to the great flood later.", "The great flood came at night."),
    "zh": ("我们将在后文讨论那场洪水。", "那场洪水是夜里来的。"),
}


@dataclass(frozen=True)
class Told:
    """A document's sections, and where a contradiction was planted."""

    texts: dict[str, str]
    kind: str = ""
    places: tuple[tuple[str, str], tuple[str, str]] | None = None
    """(section, sentence) of both sides, in reading order."""

    @property
    def order(self) -> list[str]:
        """The sections in reading order."""
        return list(self.texts)


def told(seed: int, *, spoilt: bool) -> Told:
    """Ten sections, four facts said twice, a promise kept; `spoilt`: one fact contradicted."""
    rng = random.Random(seed)
    language = "en" if seed % 2 == 0 else "zh"
    stock = [p for m in (ENGLISH if language == "en" else CHINESE) for p in m.paragraphs]
    rng.shuffle(stock)
    bodies = {str(n): [stock[2 * n], stock[2 * n + 1]] for n in range(1, 11)}
    claims = CLAIMS[language]
    first = claims[(seed // 2) % len(claims)]
    others = rng.sample([claim for claim in claims if claim is not first], 3)
    places = None
    for number, (_, said, again, wrong) in enumerate((first, *others)):
        one, other = sorted(rng.sample(range(1, 11), 2))
        planted = spoilt and number == 0
        second = wrong if planted else again
        _insert(rng, bodies[str(one)], said)
        _insert(rng, bodies[str(other)], second)
        if planted:
            places = ((str(one), said), (str(other), second))
    promise, kept = PROMISES[language]
    _insert(rng, bodies["2"], promise)
    _insert(rng, bodies["9"], kept)
    texts = {key: "\n\n".join(blocks) for key, blocks in bodies.items()}
    return Told(texts, first[0] if spoilt else "", places)


def consistent(number: int = 40) -> Iterator[Told]:
    """Documents that agree with themselves."""
    return (told(seed, spoilt=False) for seed in range(1_000, 1_000 + number))


def contradictory(number: int = 40) -> Iterator[Told]:
    """Documents with one contradiction each."""
    return (told(seed, spoilt=True) for seed in range(number))


def _insert(rng: random.Random, blocks: list[str], sentence: str) -> None:
    blocks.insert(rng.randint(0, len(blocks)), sentence)
