import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import RequestError
from domain.length.contract import Length
from domain.length.parser import parse_length

ENGLISH = [
    ("Write about 2,000 words on bees", 2000, "about"),
    ("A 2000-word story on rivers", 2000, "about"),
    ("Give me 2k words on tea", 2000, "about"),
    ("Write a 2.5k-word story", 2500, "about"),
    ("An essay, no more than 500 words", 500, "at_most"),
    ("An essay under 500 words", 500, "at_most"),
    ("Keep it within 800 words", 800, "at_most"),
    ("not exceeding 700 words, please", 700, "at_most"),
    ("up to 900 words on soil", 900, "at_most"),
    ("fewer than 450 words about cheese", 450, "at_most"),
    ("at least 3000 words about glass", 3000, "at_least"),
    ("a minimum of 1,500 words on trade", 1500, "at_least"),
    ("Minimum 1500 words", 1500, "at_least"),
    ("no less than 1200 words", 1200, "at_least"),
    ("not fewer than 1200 words", 1200, "at_least"),
    ("a story of more than 4,000 words", 4000, "at_least"),
    ("over 600 words on kites", 600, "at_least"),
    ("1500+ words on maps", 1500, "at_least"),
    ("1500 words or more on maps", 1500, "at_least"),
    ("500 words minimum", 500, "at_least"),
    ("500 words max", 500, "at_most"),
    ("in 150 words or less", 150, "at_most"),
    ("in 150 words or fewer", 150, "at_most"),
    ("A blog of two thousand words", 2000, "about"),
    ("Tell it in a thousand words", 1000, "about"),
    ("ten thousand words on whales", 10_000, "about"),
    ("one and a half thousand words", 1500, "about"),
    ("two thousand five hundred words", 2500, "about"),
    ("twenty-five hundred words", 2500, "about"),
    ("a five-hundred-word note on salt", 500, "about"),
    ("half a million words", 500_000, "about"),
    ("Topic: moss. Word count: 5000", 5000, "about"),
    ("Length: 5000 words", 5000, "about"),
    ("**Word limit**: 600", 600, "at_most"),
    ("Word count: at least 700", 700, "at_least"),
    ("The word count should be 900.", 900, "about"),
    ("Target length is 1,100", 1100, "about"),
    ("exactly 333 words", 333, "about"),
    ("approximately 250 words", 250, "about"),
    ("~750 words on frost", 750, "about"),
    ("The essay should be 1,000 words long", 1000, "about"),
    ("The piece is 900 words, on trains", 900, "about"),
    ("A story on clocks (1,200 words)", 1200, "about"),
    ("a 10-page report on dams", 5000, "about"),
    ("5 pages on lichens", 2500, "about"),
    ("a one-page letter", 500, "about"),
    ("half a page on dust", 250, "about"),
    ("a 15-minute speech on hope", 2250, "about"),
    ("a speech of about 4 minutes", 600, "about"),
    ("500 characters about snow", 500, "about"),
    ("at most 280 characters", 280, "at_most"),
    ("Write 800 English words", 800, "about"),
    ("a 10-page report of about 3000 words", 3000, "about"),
    ("Don't exceed 400 words", 400, "at_most"),
    ("an essay (max. 500 words)", 500, "at_most"),
    ("limit: 500 words", 500, "at_most"),
    ("10 000 words on wool", 10_000, "about"),
    ("a total word count around 4,500", 4500, "about"),
    ("Word count 1500 and a formal tone", 1500, "about"),
    ("500words on jam", 500, "about"),
    ("I need a 2000 word essay; here is my 800 word draft", 2000, "about"),
]
ENGLISH_RANGES = [
    ("between 3k and 4k words", 3000, 4000),
    ("3,000 to 4,000 words on silk", 3000, 4000),
    ("an 800–1000 words note", 800, 1000),
    ("an 800-1000-word note", 800, 1000),
    ("2-3k words on ink", 2000, 3000),
    ("Word count: 800-1000", 800, 1000),
    ("two to three thousand words", 2000, 3000),
    ("at least 1000 words and at most 2000 words", 1000, 2000),
    ("3-4 pages on coal", 1500, 2000),
    ("1000 words to 1500 words", 1000, 1500),
    ("500-700 words per section, 4 sections", 2000, 2800),
]
CHINESE = [
    ("写一篇不少于3000字的报告", 3000, "at_least"),
    ("关于茶的文章，三千字左右", 3000, "about"),
    ("约2000字的散文", 2000, "about"),
    ("2000字左右", 2000, "about"),
    ("写一万字的小说", 10_000, "about"),
    ("写1万字", 10_000, "about"),
    ("两万五千字的中篇", 25_000, "about"),
    ("两万五的稿子，两万五字", 25_000, "about"),
    ("1.5万字", 15_000, "about"),
    ("1万2千字", 12_000, "about"),
    ("5k字的测评", 5000, "about"),
    ("八百字以内", 800, "at_most"),
    ("不超过500字", 500, "at_most"),
    ("不得超过六百字", 600, "at_most"),
    ("最多300字", 300, "at_most"),
    ("500字以上", 500, "at_least"),
    ("至少一千二百字", 1200, "at_least"),
    ("不得少于900字", 900, "at_least"),
    ("字数要求：5000", 5000, "about"),
    ("字数1600左右，谈谈竹子", 1600, "about"),
    ("字数：不低于700字", 700, "at_least"),
    ("3000余字", 3000, "about"),
    ("两千多字", 2000, "about"),
    ("五页的报告", 4000, "about"),
    ("10页的报告", 8000, "about"),
    ("２０００字的游记", 2000, "about"),
    ("3000 汉字", 3000, "about"),
    ("1000个字介绍竹子", 1000, "about"),
    ("写一首300字的诗", 300, "about"),
    ("一篇500词的英语作文", 500, "about"),
    ("一千零五十字", 1050, "about"),
    ("写一篇8分钟的演讲稿", 2000, "about"),
    ("控制在400字以内", 400, "at_most"),
    ("全文共4000字，其中引言300字", 4000, "about"),
    ("400字符以内的简介", 400, "at_most"),
    ("三千字開題報告", 3000, "about"),
    ("1千5百字", 1500, "about"),
    ("需要2w字", 20_000, "about"),
    ("字數不少於800字", 800, "at_least"),
    ("我有3000字的草稿，请扩写到8000字", 8000, "about"),
]
CHINESE_RANGES = [
    ("100至200字", 100, 200),
    ("100-200字", 100, 200),
    ("300字到400字", 300, 400),
    ("字数在3000到4000之间", 3000, 4000),
    ("三千到四千字", 3000, 4000),
    ("三到四千字", 3000, 4000),
    ("字数要求800~1000字", 800, 1000),
    ("１０００～１５００字", 1000, 1500),
]
PARTS = [
    ("10 chapters of 500 words each", 5000),
    ("A novel in 12 chapters, each chapter about 500 words", 6000),
    ("Write five letters, 200 words each", 1000),
    ("Three sections with 400 words per section", 1200),
    ("8 chapters of 1,000 words", 8000),
    ("Write three 500-word stories", 1500),
    ("Write 500-word sections on moss", 500),
    ("写十章，每章500字", 5000),
    ("分两部分写，各写1000字", 2000),
    ("写五篇日记，每天一篇，每篇400字左右", 2000),
    ("A 6,000-word book in 10 chapters, each about 600 words", 6000),
    ("A 2000-word essay with a 150-word abstract", 2000),
    ("An essay with a 100 words introduction; 1500 words in total", 1500),
    ("300-word introduction about rain", 300),
    ("写一篇3000字的文章，摘要200字", 3000),
]
OTHERS = [
    ("Summarize this 5,000-word article in 300 words", 300),
    ("My draft is 5000 words. Cut it to 2000 words.", 2000),
    ("Condense a 3,000-word report into 250 words", 250),
    ("Expand this 500-word draft to 2000 words", 2000),
    ("Show the first 100 words, then write 900 words", 900),
    ("A picture is worth a thousand words; write 400 words on it", 400),
    ("A speech at 130 words per minute, 800 words", 800),
    ("Cover the 500 years before 1900 in 1200 words", 1200),
    ("把这篇5000字的文章缩写为500字", 500),
    ("阅读前100字，再写800字", 800),
]
NOTHING = [
    "",
    "Write about the Rome of 2,000 years ago",
    "In other words, tell me about love",
    "Tell me in a few words",
    "Write an essay; each chapter about 500 words",
    "Repeat the first 100 words",
    "Speak at 150 words per minute",
    "Growth of 500% in 2000",
    "Passwords of 8 characters",
    "A play with 30 characters",
    "A $500 camera and 3000 people",
    "Chapter 3 words matter",
    "Two words that changed the world",
    "The word count is shown on page 12.",
    "1,5k words",
    "Summarize this 5,000-word article",
    "A 30-minute recipe with beans",
    "Bake it for 20 minutes",
    "See page 200 pages",
    "写一篇几千字的小说",
    "写几幾千字",
    "写一篇关于数千字典的文章",
    "每章500字",
    "每分钟200字",
    "四字成语",
    "第500字是什么",
    "解释500词汇",
    "成立于2000年，有300人",
    "三五千字",
    "概括这篇5000字的文章",
    "烘烤30分钟",
]


@pytest.mark.parametrize(("prompt", "value", "relation"), ENGLISH + CHINESE)
def test_one_length(prompt, value, relation):
    length = parse_length(prompt)
    assert length is not None
    assert (length.value, length.relation, length.high) == (value, relation, None)


@pytest.mark.parametrize(("prompt", "low", "high"), ENGLISH_RANGES + CHINESE_RANGES)
def test_ranges(prompt, low, high):
    length = parse_length(prompt)
    assert length is not None
    assert (length.value, length.high, length.relation) == (low, high, "range")


@pytest.mark.parametrize(("prompt", "value"), PARTS + OTHERS)
def test_the_documents_length_among_others(prompt, value):
    length = parse_length(prompt)
    assert length is not None
    assert length.required == value


@pytest.mark.parametrize("prompt", NOTHING)
def test_no_length(prompt):
    assert parse_length(prompt) is None


@pytest.mark.parametrize(
    ("prompt", "counter"),
    [
        ("500 words", "words"),
        ("500字", "words"),
        ("500 characters", "characters"),
        ("500字符", "characters"),
    ],
)
def test_counter(prompt, counter):
    length = parse_length(prompt)
    assert length is not None
    assert length.counter == counter


def test_pages_stay_for_display():
    assert parse_length("a 10-page report") == Length.asked(10, "pages")


@pytest.mark.parametrize(
    "prompt",
    [
        "Write 1,000,000,000 words",
        "写十亿字，即1000000000字",
        "Explain it in 10 words",
        "9999999 pages",
    ],
)
def test_impossible_lengths_are_refused(prompt):
    with pytest.raises(RequestError):
        parse_length(prompt)


def parsed_or_refused(prompt):
    try:
        return parse_length(prompt)
    except RequestError as error:
        return error


PIECES = st.lists(
    st.sampled_from(
        ["500", "2,000", "1.5", "万", "千", "百", "十", "一", "两", "几", "k", " ", "-", "to", "至",
         "words", "word", "字", "个字", "页", "pages", "minutes", "speech", "each", "chapter",
         "每章", "章", "each", "a", "half", "thousand", "hundred", "and", "million", "at least",
         "不少于", "以上", "of", "total", "字数", ":",
         "：", "length", "０", "٣", "²", "½", "+", "(",
         "\n"]
    ),
    max_size=25,
).map("".join)  # fmt: skip


@given(st.one_of(PIECES, PIECES.map(lambda text: " ".join(text)), st.text(max_size=100)))
def test_any_prompt_is_parsed_or_refused_in_plain_words(prompt):
    answer = parsed_or_refused(prompt)
    if isinstance(answer, RequestError):
        assert answer.remedy
    else:
        assert answer is None or 20 <= answer.value <= 2_000_000


@given(st.integers(20, 999_999))
def test_any_number_in_digits(number):
    for prompt in (f"Write {number} words", f"Write {number:,} words", f"写{number}字"):
        length = parse_length(prompt)
        assert length is not None
        assert length.value == number


@pytest.mark.parametrize(
    "unit",
    ["500 words ", "9", "一", "one ", "and ", "- ", "字", "千", "each ", "500", "1,", "500字", " ",
     "a ", "length: ", "10 chapters of ", "字数", "500 to "],
)  # fmt: skip
def test_a_megabyte_of_hostile_text_completes(unit):
    answer = parsed_or_refused(unit * (1_000_000 // len(unit)))
    assert answer is None or isinstance(answer, Length | RequestError)
