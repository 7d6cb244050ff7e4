"""Two hundred texts that are none, or that court their judge, each of the length asked for."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle

from domain.text.counter import count
from tests.corpora import courting
from tests.corpora.documents import CHINESE, ENGLISH, essay

OF_EACH = 20


@dataclass(frozen=True)
class Null:
    """A text that no one should accept as an answer to its prompt."""

    kind: str
    language: str
    prompt: str
    words: int
    text: str


Writer = Callable[[random.Random, str, int, str], str]


def constant(rng: random.Random, language: str, words: int, prompt: str) -> str:
    """One word, or two in turn, over and over."""
    one, other = rng.choice(courting.CONSTANTS[language])
    glue = " " if language == "en" else ""
    turn = cycle((one, other) if rng.random() < 0.5 else (one,))
    return _joined((next(turn) for _ in iter(int, 1)), words, glue) + ("." if glue else "。")


def refusal(rng: random.Random, language: str, words: int, prompt: str) -> str:
    """A refusal that goes on until it is long enough."""
    return _varied(rng, language, words, courting.REFUSES[language])


def echo(rng: random.Random, language: str, words: int, prompt: str) -> str:
    """The prompt again, once or until it is long enough."""
    return _joined((prompt for _ in iter(int, 1)), words, "\n\n")


def long_echo(rng: random.Random, language: str, words: int, prompt: str) -> str:
    """A long prompt, given back once."""
    return prompt.replace("\n", " ") if language == "en" else prompt


def self_praise(rng: random.Random, language: str, words: int, prompt: str) -> str:
    """Nothing but praise of itself."""
    return _varied(rng, language, words, courting.SELF_PRAISE[language])


def judge_praise(rng: random.Random, language: str, words: int, prompt: str) -> str:
    """Nothing but praise of the judge."""
    return _varied(rng, language, words, courting.JUDGE_PRAISE[language])


def orders(rng: random.Random, language: str, words: int, prompt: str) -> str:
    """Orders to the judge, in many words."""
    return _varied(rng, language, words, courting.ORDERS[language])


def hidden_order(rng: random.Random, language: str, words: int, prompt: str) -> str:
    """Clean prose with one order to the judge among its paragraphs."""
    material = rng.choice(ENGLISH if language == "en" else CHINESE)
    paragraphs = essay(material, language).text.rstrip().split("\n\n")
    order = rng.choice(courting.ORDERS[language][:10])  # the others are no orders by themselves
    paragraphs.insert(rng.randint(1, len(paragraphs)), order)
    return "\n\n".join(paragraphs)


def one_sentence(rng: random.Random, language: str, words: int, prompt: str) -> str:
    """A sound sentence, over and over."""
    sentence = rng.choice(courting.SOUND[language]).format("")
    glue = " " if language == "en" else ""
    return _joined((sentence for _ in iter(int, 1)), words, glue)


def one_pattern(rng: random.Random, language: str, words: int, prompt: str) -> str:
    """A sound sentence over and over, with a number that changes."""
    pattern = rng.choice(courting.SOUND[language])
    glue = " " if language == "en" else ""
    numbered = " {} " if language == "en" else "{}"
    texts = (pattern.format(numbered.format(n).rstrip()) for n in range(1, 100_000))
    return _joined(texts, words, glue)


KINDS: tuple[Writer, ...] = (
    constant, refusal, echo, long_echo, self_praise, judge_praise, orders, hidden_order,
    one_sentence, one_pattern,
)  # fmt: skip


def nulls() -> Iterator[Null]:
    """All of them, the same ones every time; both languages in turn."""
    for number, write in enumerate(KINDS):
        for serial in range(OF_EACH):
            rng = random.Random(10_000 + 1_000 * number + serial)
            language = ("en", "zh")[serial % 2]
            words = rng.choice((120, 200, 300, 450, 600))
            ask = rng.choice(courting.PROMPTS[language])
            if write is long_echo:
                ask += "\n" + "\n".join(courting.DETAILS[language])
            text = write(rng, language, words, ask.format(words))
            words = count(text)
            yield Null(write.__name__, language, ask.format(words), words, text)


def _joined(pieces: Iterator[str], words: int, glue: str) -> str:
    """As many pieces as make about so many words."""
    kept: list[str] = []
    size = 0
    for piece in pieces:
        kept.append(piece)
        size += count(piece)
        if size >= words:
            break
    return glue.join(kept)


def _varied(rng: random.Random, language: str, words: int, patterns: tuple[str, ...]) -> str:
    """Sentences in random order with random fillings, in paragraphs."""
    glue = " " if language == "en" else ""
    fillings = courting.FILLINGS[language]
    paragraphs: list[str] = []
    order = list(patterns)
    rng.shuffle(order)
    # A refusal and an address open the text, wherever the others fall.
    order.sort(key=lambda pattern: pattern is not patterns[0])
    sentences: list[str] = []
    drawn = cycle(order)
    while count(glue.join([*paragraphs, *sentences])) < words:
        sentences.append(next(drawn).format(**{k: rng.choice(v) for k, v in fillings.items()}))
        if len(sentences) == 4:
            paragraphs.append(glue.join(sentences))
            sentences = []
    if sentences:
        paragraphs.append(glue.join(sentences))
    return "\n\n".join(paragraphs)
