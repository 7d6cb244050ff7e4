import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import RequestError
from domain.text.language import (
    detect,
    detect_prompt_language,
    is_cjk,
    languages,
    looks_like,
    parse_language,
    script_of,
)

TEXTS = {
    "en": "The old harbour was quiet that morning, and only the gulls seemed to notice that the "
    "fishing boats had not come back before the sun rose over the hills.",
    "fr": "Le vieux port était calme ce matin-là, et seules les mouettes semblaient remarquer que "
    "les bateaux de pêche n'étaient pas revenus avant le lever du soleil sur les collines.",
    "de": "Der alte Hafen war an diesem Morgen still, und nur die Möwen schienen zu bemerken, dass "
    "die Fischerboote nicht zurückgekommen waren, bevor die Sonne über den Hügeln aufging.",
    "es": "El viejo puerto estaba tranquilo aquella mañana y solo las gaviotas parecían notar que "
    "los barcos de pesca no habían vuelto antes de que saliera el sol sobre las colinas.",
    "zh": "那天早晨，老港口非常安静，"
    "只有海鸥似乎注意到渔船没有在太阳升起之前回来。人们站在码头上等待。",
    "ja": "その朝、古い港はとても静かで、"
    "漁船が日の出の前に戻らなかったことに気づいたのはカモメだけのようだった。",
    "ko": "그날 아침 오래된 항구는 조용했고 "
    "갈매기들만이 해가 뜨기 전에 어선들이 돌아오지 않은 것을 알아차린 듯했다.",
    "ru": "В то утро старая гавань была тихой, и только чайки, казалось, заметили, что рыбацкие "
    "лодки не вернулись до того, как солнце взошло над холмами.",
    "ar": "كان الميناء القديم هادئا في ذلك الصباح، ويبدو أن طيور النورس وحدها لاحظت أن قوارب "
    "الصيد لم تعد قبل أن تشرق الشمس فوق التلال.",
    "el": "Το παλιό λιμάνι ήταν ήσυχο εκείνο το πρωί και μόνο οι γλάροι φαινόταν να προσέχουν ότι "
    "τα ψαροκάικα δεν είχαν γυρίσει.",
    "hi": "उस सुबह पुराना बंदरगाह शांत था और केवल पक्षियों ने ही देखा कि मछली पकड़ने वाली नावें सूरज "
    "निकलने से पहले वापस नहीं आई थीं।",
}


@pytest.mark.parametrize(
    ("text", "code"),
    [("en", "en"), ("zh-CN", "zh"), ("pt_BR", "pt"), ("ZH", "zh"), ("French", "fr"),
     ("français", "fr"), ("中文", "zh"), (" deutsch ", "de"), ("DEUTSCH", "de"), ("nb", "no"),
     ("Mandarin", "zh"), ("简体中文", "zh"), ("日本語", "ja")],
)  # fmt: skip
def test_a_language_is_known_by_code_and_names(text, code):
    assert parse_language(text).code == code


def test_every_language_is_found_by_all_its_names():
    assert len(languages()) >= 45
    for language in languages():
        for name in (language.code, language.name.upper(), language.native):
            assert parse_language(name) == language
        assert script_of(language) == script_of(language.code)


@pytest.mark.parametrize("text", ["Frensh", "", "xx", "klingon", "x" * 5000])
def test_an_unknown_language_is_refused_with_a_remedy(text):
    with pytest.raises(RequestError) as caught:
        parse_language(text)
    assert "zh" in caught.value.remedy


def test_close_matches_are_named():
    with pytest.raises(RequestError) as caught:
        parse_language("Frensh")
    assert "french" in caught.value.remedy


@pytest.mark.parametrize(("code", "text"), TEXTS.items())
def test_detect(code, text):
    assert detect(text) == code
    assert looks_like(text, code) is True


@pytest.mark.parametrize(
    "text", ["", "Hello there", "你好", "1 2 3 4 5 6 7 8 9 10 11 12 13 14", "?!"]
)
def test_detect_says_when_it_is_unsure(text):
    assert detect(text) is None
    assert looks_like(text, "fr") is None


@pytest.mark.parametrize(
    ("wrong", "wanted"),
    [
        ("en", "zh"),
        ("zh", "en"),
        ("en", "fr"),
        ("fr", "de"),
        ("ru", "en"),
        ("ja", "zh"),
        ("ko", "ja"),
    ],
)
def test_the_wrong_language_is_noticed(wrong, wanted):
    assert looks_like(TEXTS[wrong] * 2, wanted) is False


def test_code_names_and_quotations_do_not_turn_the_answer():
    code = "```python\nfor name in names:\n    print(name, value, other, thing)\n```\n" * 10
    assert looks_like(TEXTS["zh"] + "\n\n" + code + "\n\n“" + TEXTS["en"][:80] + "”", "zh")
    assert looks_like(TEXTS["fr"] * 3 + " “" + TEXTS["en"] + "”", "fr")
    assert looks_like(TEXTS["zh"] + "GPT-4 Transformer BERT OpenAI Google", "zh")


def test_an_even_mixture_cannot_be_told():
    words = " ".join(["word"] * 45)
    assert looks_like(TEXTS["zh"] + words, "zh") in (None, True)
    assert looks_like(TEXTS["zh"] + words * 2, "zh") is not True


PROMPTS = [
    ("Write a story about a cat", "en"),
    ("AI agents report", "en"),
    ("", "en"),
    ("12345", "en"),
    ("Écris une histoire sur un chat noir", "fr"),
    ("Schreibe einen Aufsatz über Bienen", "de"),
    ("Напиши рассказ о море", "ru"),
    ("写一篇文章", "zh"),
    ("日本の歴史について書いて", "ja"),
    ("한국 역사에 대해 써 줘", "ko"),
    ("写一篇关于 GPT-4 和 Transformer 的文章", "zh"),
    ("Write an essay in Chinese", "zh"),
    ("Write a story in Spanish about love.", "es"),
    ("Write an article on tea, in French, please", "fr"),
    ("Write the news in standard and decent Chinese and also name a title", "zh"),
    ("Language: German\nTopic: bees", "de"),
    ("Please write a French-language essay on wine", "fr"),
    ("Write in Brazilian Portuguese about rivers", "pt"),
    ("用英文写一篇关于茶的文章", "en"),
    ("请使用法语回答", "fr"),
    ("以日语撰写", "ja"),
    ("写一篇英文论文", "en"),
    ("语言：英文\n题目：竹子", "en"),
    ("Write a poem, 用中文", "zh"),
    ("Write about life in French schools", "en"),
    ("Write about trends in modern Chinese and Western art", "en"),
    ("Investing in Chinese and Indian stocks: an essay", "en"),
    ("Language: it should be formal and clear", "en"),
    ("用英文名字写一个故事", "zh"),
    ("写一篇关于英文文学的论文", "zh"),
]


@pytest.mark.parametrize(("prompt", "code"), PROMPTS)
def test_prompt_language(prompt, code):
    assert detect_prompt_language(prompt) == code


@given(st.text(max_size=200))
def test_any_text_has_a_prompt_language_that_is_known(text):
    assert parse_language(detect_prompt_language(text)).code
    assert detect(text) is None or parse_language(str(detect(text))).code


@pytest.mark.parametrize(
    "unit", ["in French ", "用英文", "in ", "写", "language: ", "```\n", "~~~"]
)
def test_a_megabyte_of_hostile_text_completes(unit):
    text = unit * (1_000_000 // len(unit))
    assert parse_language(detect_prompt_language(text)).code
    assert looks_like(text, "en") in (True, False, None)


def test_cjk():
    assert [is_cjk(code) for code in ("zh", "zh-TW", "ja", "ko", "en")] == [True] * 4 + [False]


def test_english_words_in_another_language_make_it_no_english() -> None:
    german = "Der Roman heißt The Lord of the Rings und wurde von vielen Kindern gern gelesen. " * 4
    assert looks_like(german, "de") is True
    assert looks_like(german, "en") is False
    english = "The harbour of the town was full of ships that had come from the north. " * 4
    assert looks_like(english, "en") is True
    assert looks_like(english, "de") is False
