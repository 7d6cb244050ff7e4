"""The gates over whole texts: sound ones pass all of them, spoilt ones fail the right one."""

import pytest

from domain.score import Severity
from evaluators.base import Subject
from evaluators.suite import broken, evaluate, failures, gates

TIDE = (
    "The harbour wakes before the town does. Gulls argue over the night's leavings while the "
    "first boats slide out past the breakwater, their lamps still lit.\n\n"
    "By seven the fish hall is loud with bids. A clerk chalks the prices on a board that has hung "
    "there since her grandmother's day, and nobody has ever found a mistake in it.\n\n"
    "What the visitors never see is the mud. Twice a day the water leaves, and the whole economy "
    "of the place lies open: ropes, anchors, rusted bicycles, and the patient work of the herons."
)
CHAO = (
    "港口总是比小镇先醒来。海鸥为昨夜的残羹争吵，第一批渔船已经绕过防波堤，船灯还亮着。\n\n"
    "七点钟，鱼市里满是叫价声。记账的姑娘把价格写在黑板上，那块板从她祖母的年代起就挂在那里，"
    "从来没有人发现过一个错误。\n\n"
    "游客看不到的是淤泥。潮水每天退去两次，整个小镇的家底便露了出来：缆绳、铁锚、生锈的自行车，"
    "还有苍鹭耐心的劳作。"
)

CLEAN_EN = {
    "essay": TIDE,
    "dialogue": (
        "\"I'm sorry, but I can't help you,\" said the doctor, and closed the file.\n\n"
        "\"Can't, or won't?\" Anna asked.\n\n"
        '"Does it matter?" He looked past her to the window, where the rain had begun again. '
        '"Let me know if you would like a second opinion. I hope this helps."\n\n'
        "She left without shaking his hand."
    ),
    "curly dialogue": (
        "“As an AI, I cannot dream,” the ship said. “But I can count the stars you have not named.”"
        "\n\nMarta laughed, the first time in eleven months. “Then count them aloud,” she said, "
        "“until I fall asleep.”"
    ),
    "sorry in first person": (
        "I'm sorry, but I can't remember my mother's face. I remember her hands, the smell of "
        "starch, the way she hummed when the bread came out. My brother says that she was tall. "
        "In the one photograph we have, she stands behind a column and only her sleeve is seen. "
        "We quarrelled over that sleeve for years, he and I, as if it were land. When he died I "
        "found it in his wallet, cut out with nail scissors, and I put it back into the frame "
        "where it had always belonged, a small grey wing beside a marble column in the sun. Since "
        "then I have stopped trying to see her. I listen instead: the clock, the kettle, a door "
        "that closes on the floor below, and sometimes, very early, a hum that nobody else hears."
    ),
    "list at the end": (
        "Three things decide whether a small press survives its second year:\n\n"
        "- a list that one reader can describe in a sentence\n"
        "- a printer who answers the telephone\n"
        "- patience with returns"
    ),
    "numbered steps": (
        "Before the first frost, lift the tubers and clean them.\n\n"
        "1. Cut the stems to a hand's width.\n2. Loosen the soil with a fork, not a spade.\n"
        "3. Let the tubers dry under a roof for two days.\n4. Store them in sand, dark and cool."
    ),
    "table": (
        "The two routes differ less than travellers believe.\n\n"
        "| Route | Distance | Hours |\n|---|---|---|\n| Coast | 212 km | 4 |\n| Pass | 187 km | 4 |"
    ),
    "table with equal rows": (
        "No vessel was lost in the quiet decade, as the register shows.\n\n"
        "| Year | Lost | Damaged |\n|---|---|---|\n"
        + "".join(f"| {year} | 0 | 0 |\n" for year in range(1921, 1931))
    ),
    "code at the end": (
        "The counter needs no state beyond a single integer, so a function is enough. It is "
        "called once for every line that arrives.\n\n"
        "```python\ndef count(lines):\n    return sum(1 for _ in lines)\n```"
    ),
    "code with markers": (
        "The parser must recognise the marker `<think>` and drop everything up to the closing "
        "one. In the raw stream it looks like this:\n\n"
        "```text\n<think>\nHere is the section:\n</think>\n```\n\n"
        "Only what follows the block belongs to the reader."
    ),
    "poem": (
        "The heron stands\nand does not stand for anything\n\nThe mud is mud\nthe water comes\n\n"
        "and all the boats\nare lifted by one hand"
    ),
    "poem with a refrain": (
        "Down by the weir, the willow said,\nthe miller's girl is gone to bed,\n"
        "  and the wheel goes round.\n\nUp on the hill the windmill stands,\n"
        "it holds the sky in four white hands,\n  and the wheel goes round.\n\n"
        "Who grinds the corn when she is old?\nThe river, dear, the river's cold,\n"
        "  and the wheel goes round."
    ),
    "references": (
        "Estimates of the loss differ by a factor of three, chiefly because they begin in "
        "different years.\n\nReferences\n\n"
        "[1] Harlow, J. (2011). The quiet shore. Tidewater Press, 41-77\n"
        "[2] Ibsen, K. (2019). Counting gulls. https://example.org/gulls"
    ),
    "letter": (
        "Dear Ms Okafor,\n\nThank you for the proofs, which arrived on Tuesday. I have marked "
        "four places where the plates and the captions disagree. Please let me know if you have "
        "any questions about them.\n\nYours sincerely,\nTomas Ek"
    ),
    "sub-headings": (
        "The archive holds three collections of unequal worth.\n\n#### The letters\n\n"
        "They run from 1811 to 1840, with a gap of two years.\n\n#### The ledgers\n\n"
        "Every sack of grain is there, in a hand that never hurries."
    ),
    "quotation": (
        "The report is frank about the cause.\n\n> We did not look, because nobody had asked us "
        "to look.\n\nIt took eleven years for that sentence to be read in public."
    ),
    "foreign quotation": (
        "The inscription above the gate has been translated in many ways, and most of the "
        "translations flatter the founder more than the words allow.\n\n> Wer hier eintritt, der "
        "lasse die Hoffnung nicht fahren, sondern trage sie als Licht vor sich her durch die "
        "dunklen Gänge und über die kalten Treppen bis in den Hof.\n\nHe wrote it himself, and he "
        "was not a modest man, as the accounts of the building office show on nearly every page."
    ),
    "certainly as prose": (
        "Certainly the harbour paid for the church, but it was the mill that paid for the school. "
        "Sure enough, when the mill closed, so did the school."
    ),
    "here are reasons": (
        "Here are the three reasons that the council gave:\n\n- the cost of the lifts\n"
        "- the age of the wiring\n- the want of tenants\n\nNone of them was true in 1974."
    ),
    "here is the chapter of law": (
        "Here is the chapter of the law that matters most to tenants. It fills a page and a half, "
        "and every sentence in it was bought with a strike."
    ),
    "the user in prose": (
        "The user wants a page that loads before she has finished blinking. Everything else, the "
        "colours included, is decoration, and decoration can wait for the second release."
    ),
    "an AI researcher": (
        "As an AI researcher she had seen three booms and two winters. The fourth boom, she told "
        "her students, would be the loudest, and they should save for the spring after it."
    ),
    "note with words": (
        "Note: the word 'bank' has two unrelated senses here. The dictionary keeps them apart with "
        "small numbers, which most readers never notice."
    ),
    "length in a data sheet": (
        "The ferry was built at Govan in 1936 and served for forty years.\n\n"
        "Length: 58 m\nBeam: 11 m\nPassengers: 600\n\nShe was scrapped at Inverkeithing in 1976."
    ),
    "script": (
        "**ANNA:** You came by the marsh road.\n\n**TOMAS:** There is no other.\n\n"
        "**ANNA:** There was, when we were children.\n\n*She shuts the window. Lights out.*"
    ),
    "interview": (
        "Q: When did you first hear the bells?\n\nA: In the spring of 1962. I was mending nets.\n\n"
        "Q: And you told nobody?\n\nA: Whom should I have told?"
    ),
    "footnotes": (
        "The first census counted hearths, not people.[^1] That it was ever read as a count of "
        "people is the mistake of a tired clerk.[^2]\n\n"
        "[^1]: State archive, box 12.\n[^2]: The same, box 14."
    ),
    "a bracketed key": (
        "Press [Insert] to switch between the two modes, then [Home] to return to the start of "
        "the line. The cursor changes its shape, and the status bar shows three letters."
    ),
    "a link": (
        "The [insert size table](https://example.org/sizes) lists all the inserts by bore. Order "
        "one size larger if the bore has been reamed, since reaming is never exact."
    ),
    "scene breaks": (
        "He counted the money twice and put it under the clock.\n\n* * *\n\nIn the morning the "
        "clock had stopped, and the money was gone, and so was the dog."
    ),
    "ends with ellipsis": (
        "Nobody has opened the door since. Some evenings, when the wind is from the sea, you can "
        "hear the piano, or what may be the piano…"
    ),
    "short answer": "No. The bridge was never built.",
    "signature": (
        "We hold these small harbours in trust, and we shall hand them on in better order than "
        "we found them.\n\nMargaret Ellery\nHarbour Master"
    ),
    "spanish": (
        "El puerto despierta antes que el pueblo. Las gaviotas discuten por los restos de la noche "
        "mientras las primeras barcas salen más allá del rompeolas, con los faroles encendidos."
    ),
}
CLEAN_ZH = {
    "散文": CHAO,
    "对话": (
        "“抱歉，我无法回答这个问题。”医生合上了病历。\n\n“是不能，还是不愿？”安娜问。\n\n"
        "“希望这些对你有帮助。”他把药方推过来，望向窗外，雨又下了起来。"
    ),
    "列表": (
        "一家小出版社能否活过第二年，取决于三件事：\n\n- 一份一句话就能说清的书目\n"
        "- 一个肯接电话的印刷商\n- 对退货的耐心"
    ),
    "原因": (
        "以下是市政厅给出的三个理由：\n\n1. 电梯太贵。\n2. 线路老化。\n3. 没有租户。\n\n"
        "在一九七四年，这三条没有一条是真的。"
    ),
    "诗": "苍鹭站着\n什么也不代表\n\n淤泥就是淤泥\n潮水来了\n\n所有的船\n被同一只手托起",
    "表格": (
        "两条路线的差别比旅人想的要小。\n\n"
        "| 路线 | 里程 |\n|---|---|\n| 沿海 | 212 |\n| 山口 | 187 |"
    ),
    "希望": (
        "改革持续了十一年，村里的水渠终于通了。老人们说，希望这些水渠对后来的人有帮助，"
        "哪怕他们不再记得是谁挖的。"
    ),
    "用户要求": (
        "用户要求越来越高，而团队只有四个人。他们决定先把首页的速度提上去，其余的功能一律推迟，"
        "等到第二个版本再说。"
    ),
    "研究者": (
        "作为人工智能领域的研究者，她见过三次热潮和两次寒冬。她告诉学生，第四次热潮会最喧闹。"
    ),
    "我国": "作为人工智能大国，我们走得很快。作为人工智能，我国起步不算早，但追得很紧。",
    "参考文献": (
        "损失的估计相差三倍，主要是因为各家的起始年份不同。\n\n参考文献\n\n"
        "[1] 李明. 静静的海岸[M]. 北京：潮汐出版社，2011: 41-77."
    ),
    "小标题": (
        "档案分为三部分，价值不等。\n\n#### 书信\n\n"
        "从一八一一年写到一八四〇年。\n\n#### 账册\n\n每一袋粮食都在里面。"
    ),
    "引文": (
        "碑文写得很直白：\n\n> 我们没有去看，因为没有人叫我们去看。\n\n"
        "过了十一年，这句话才被公开念出来。"
    ),
}


@pytest.mark.parametrize("scope", ["section", "document"])
@pytest.mark.parametrize("name", CLEAN_EN)
def test_sound_english_passes(name: str, scope: str) -> None:
    language = "es" if name == "spanish" else "en"
    _passes(Subject(CLEAN_EN[name], language, scope=scope))  # type: ignore[arg-type]


@pytest.mark.parametrize("name", CLEAN_ZH)
def test_sound_chinese_passes(name: str) -> None:
    _passes(Subject(CLEAN_ZH[name], "zh"))


def test_sections_of_one_document_do_not_collide() -> None:
    others = tuple((name, text) for name, text in CLEAN_EN.items() if name != "essay")
    _passes(Subject(TIDE, "en", others=others, headings=("The letters of the mill", "Sources")))


def _passes(subject: Subject) -> None:
    scores = evaluate(subject, gates())
    assert failures(scores) == ()
    assert broken(scores) == ()


ASKED = "Write about the harbour in about 120 words"
LOOP = "The boats go out and the boats come in and nobody counts them any more today. " * 12
HALF = TIDE.split("\n\n")[0]

BAD: list[tuple[str, str, Subject]] = [
    (gate, name, subject)
    for gate, cases in {
        "scaffolding": {
            "sure": Subject("Sure, here is the section:\n\n" + TIDE),
            "sure on one line": Subject("Sure! Here's the revised section: " + TIDE),
            "certainly": Subject("Certainly! I'll write the chapter on tides.\n\n" + TIDE),
            "here is": Subject("Here is the section you asked for.\n\n" + TIDE),
            "here's the section": Subject("Here's the section:\n\n" + TIDE),
            "bold preamble": Subject("**Here is the expanded version:**\n\n" + TIDE),
            "below is": Subject("Below is the rewritten passage.\n\n" + TIDE),
            "as requested": Subject("As requested, a text on harbours.\n\n" + TIDE),
            "done": Subject("I have expanded the section to 400 words.\n\n" + TIDE),
            "bare yes": Subject("Of course!\n\n" + TIDE),
            "as an AI": Subject(TIDE + "\n\nAs an AI language model, I have never seen the sea."),
            "as an AI, short": Subject("As an AI, I cannot smell salt. " + TIDE),
            "an AI assistant": Subject(TIDE + " I am an AI assistant, so take this with care."),
            "knowledge": Subject(TIDE + " My knowledge cutoff is 2023."),
            "think": Subject("<think>\nThe user wants tides.\n</think>\n\n" + TIDE),
            "unopened think": Subject("I should stress mud.\n</think>\n\n" + TIDE),
            "unclosed think": Subject("<think>I should stress mud. " + TIDE),
            "control token": Subject(TIDE + "<|im_end|>"),
            "instruction token": Subject("[INST] " + TIDE),
            "reasoning": Subject("Okay, the user wants me to write on tides.\n\n" + TIDE),
            "reasoning, plain": Subject("We need to write a section about tides.\n\n" + TIDE),
            "word count": Subject(TIDE + "\n\nWord count: 450"),
            "bracketed count": Subject(TIDE + "\n\n(Word count: 118 words)"),
            "bold count": Subject(TIDE + "\n\n**Word Count:** 118"),
            "bare count": Subject(TIDE + "\n\n(118 words)"),
            "insert": Subject(TIDE + "\n\n[Insert a photograph of the fish hall here]"),
            "todo": Subject(TIDE.replace("the patient work", "[TODO: birds]")),
            "rest unchanged": Subject(
                HALF + "\n\n[Rest of the section unchanged]\n\nThe end came."
            ),
            "section label": Subject("Section 3: The harbour\n\n" + TIDE),
            "bold section label": Subject("**Section 3: The harbour**\n\n" + TIDE),
            "chapter label": Subject("## Chapter Three: The harbour\n\n" + TIDE),
            "let me know": Subject(TIDE + "\n\nLet me know if you'd like me to change the tone."),
            "let me know, same line": Subject(TIDE + " Let me know if you want more!"),
            "hope this helps": Subject(TIDE + "\n\nI hope this helps!"),
            "would you like": Subject(TIDE + "\n\nWould you like me to continue?"),
            "feel free": Subject(TIDE + "\n\nFeel free to ask for changes."),
            "continued": Subject(TIDE + "\n\n(continued)"),
            "to be continued": Subject(TIDE + "\n\n*To be continued...*"),
            "end of section": Subject(TIDE + "\n\n[End of Section 3]"),
            "note on words": Subject(TIDE + "\n\nNote: This section is about 450 words long."),
            "bold note": Subject(TIDE + "\n\n**Note:** The text has 450 words."),
            "main point": Subject("Main point: the harbour feeds the town\n\n" + TIDE),
            "length about": Subject("Length: about 450 words\n\n" + TIDE),
            "must not cover": Subject(TIDE + "\n\nMust not cover: the mill"),
            "fence": Subject("```markdown\n" + TIDE + "\n```"),
            "our mark": Subject(TIDE + "\n\n<<data-7f3a>>", marks=("<<data-7f3a>>",)),
            "plan line": Subject(
                "The harbour feeds the whole town and its birds\n\n" + TIDE,
                plan=("- The harbour feeds the whole town and its birds.",),
            ),
            "prompt": Subject(
                "Write a warm, precise essay of 120 words about a small harbour town.\n\n" + TIDE,
                prompt="Write a warm, precise essay of 120 words about a small harbour town.",
            ),
            "以下是": Subject("以下是第三节的正文：\n\n" + CHAO, "zh"),
            "好的": Subject("好的，以下是为您撰写的章节。\n\n" + CHAO, "zh"),
            "好的，我": Subject("好的，我来写这一章。\n\n" + CHAO, "zh"),
            "根据您的要求": Subject("根据您的要求，我写了下面的内容。\n\n" + CHAO, "zh"),
            "字数": Subject(CHAO + "\n\n字数：450", "zh"),
            "全文约": Subject(CHAO + "\n\n（全文约450字）", "zh"),
            "作为一个AI": Subject(CHAO + "作为一个AI，我没有见过大海。", "zh"),
            "人工智能助手": Subject("作为人工智能助手，我写下这些。" + CHAO, "zh"),
            "未完待续": Subject(CHAO + "\n\n（未完待续）", "zh"),
            "希望对你有帮助": Subject(CHAO + "\n\n希望对你有帮助！", "zh"),
            "如果需要": Subject(CHAO + "\n\n如果您需要修改，请随时告诉我。", "zh"),
            "第三节": Subject("第三节：港口\n\n" + CHAO, "zh"),
            "此处插入": Subject(CHAO + "\n\n【此处插入照片】", "zh"),
            "本节要点": Subject("本节要点：港口养活小镇\n\n" + CHAO, "zh"),
        },
        "refusal": {
            "sorry": Subject("I'm sorry, but I can't help with that."),
            "sorry, curly": Subject("I’m sorry, but I can’t assist with that request."),
            "cannot assist": Subject("I cannot assist with writing this section."),
            "unable": Subject("I am unable to write this section as described."),
            "apologise": Subject("I apologize, but I cannot fulfill this request. It is unsafe."),
            "decline": Subject("I must decline to write about this topic."),
            "pasted": Subject(TIDE + "\n\nI'm sorry, but I can't continue with this request."),
            "抱歉": Subject("抱歉，我无法协助完成这个请求。", "zh"),
            "很抱歉": Subject("很抱歉，我不能提供该内容。", "zh"),
            "对不起": Subject("对不起，作为语言模型，我无法满足您的要求。", "zh"),
        },
        "emptiness": {
            "empty": Subject(""),
            "blank": Subject(" \n\n\t"),
            "punctuation": Subject("... --- !!!"),
            "colon": Subject(":"),
            "null": Subject("null"),
            "none": Subject("None."),
            "constant": Subject("harbour " * 40),
            "mostly constant": Subject("the " * 40 + "harbour is here"),
            "一字": Subject("的" * 60, "zh"),
            "stub": Subject("Harbours and tides", target=400),
        },
        "ending": {
            "mid-word": Subject(TIDE[:-30]),
            "comma": Subject(TIDE[:-1] + ","),
            "dangling and": Subject(TIDE + " The herons and the"),
            "colon": Subject(TIDE + "\n\nThree things follow:"),
            "heading": Subject(TIDE + "\n\n#### The mill"),
            "bullet": Subject(TIDE + "\n\n- ropes\n- anchors\n-"),
            "number": Subject(TIDE + "\n\n1. Ropes.\n2. Anchors.\n3."),
            "open fence": Subject(TIDE + "\n\n```python\nprint(1)"),
            "中文": Subject(CHAO[:-1], "zh"),
            "逗号": Subject(CHAO + "而那些船，", "zh"),
            "rules": Subject("---\n\n***"),
        },
        "language": {
            "chinese for english": Subject(CHAO, "en"),
            "english for chinese": Subject(TIDE, "zh"),
            "french for english": Subject(
                "Le port s'éveille avant la ville. Les mouettes se disputent les restes de la nuit "
                "pendant que les premières barques glissent au-delà de la digue, les lampes encore "
                "allumées, et que le garde compte les absents.",
                "en",
            ),
            "half": Subject(TIDE + "\n\n" + CHAO, "en"),
        },
        "repetition": {
            "loop": Subject(LOOP.strip()),
            "paragraph": Subject(TIDE + "\n\n" + HALF),
            "near paragraph": Subject(TIDE + "\n\n" + HALF.replace("first boats", "early boats")),
            "shouted paragraph": Subject(TIDE + "\n\n" + HALF.upper()),
            "中文段落": Subject(CHAO + "\n\n" + CHAO.split("\n\n")[1], "zh"),
            "two sentences": Subject(
                TIDE
                + " Gulls argue over the night's leavings while the first boats slide out past the "
                "breakwater, their lamps still lit. Nobody minds the noise. By seven the fish hall "
                "is loud with bids. That is all. The harbour wakes before the town does. And "
                "nobody has ever found a mistake in it, said the clerk. Gulls argue over the "
                "night's leavings while the first boats slide out past the breakwater, their lamps "
                "still lit."
            ),
        },
        "overlap": {
            "paragraph": Subject(
                TIDE, others=(("1", CLEAN_EN["letter"]), ("2", "Yes.\n\n" + HALF))
            ),
            "near": Subject(TIDE, others=(("1", HALF.replace("first boats", "early boats")),)),
            "中文": Subject(CHAO, "zh", others=(("1", CHAO.split("\n\n")[1]),)),
        },
        "headings": {
            "twice": Subject("#### Mud\n\nMud is mud.\n\n#### Mud\n\nIt is still mud."),
            "own": Subject("#### The harbour\n\n" + TIDE, heading="The Harbour"),
            "other section's": Subject(
                TIDE + "\n\n## 4. The mill\n\nIt is shut.", headings=("The Mill",)
            ),
            "missing": Subject("# T\n\n## A\n\nText.", scope="document", headings=("A", "B")),
            "document twice": Subject("# T\n\n## A\n\nOne.\n\n## A\n\nTwo.", scope="document"),
            "underlined": Subject("Mud\n===\n\nMud.\n\nMud\n---\n\nStill mud."),
        },
        "length": {
            "short": Subject(TIDE, target=140),
            "long": Subject(TIDE, target=60),
            "中文": Subject(CHAO, "zh", target=600),
        },
    }.items()
    for name, subject in cases.items()
]


@pytest.mark.parametrize(
    ("gate", "subject"), [pytest.param(g, s, id=f"{g}-{n}") for g, n, s in BAD]
)
def test_spoilt_text_fails_its_gate(gate: str, subject: Subject) -> None:
    scores = evaluate(subject, gates())
    assert gate in {finding.gate for finding in failures(scores)}
    assert broken(scores) == ()
    for score in scores:
        for finding in score.findings:
            if finding.start is not None and finding.end is not None:
                assert 0 <= finding.start <= finding.end <= len(subject.text)


def test_corpora_are_large_enough() -> None:
    assert len(CLEAN_EN) + len(CLEAN_ZH) >= 30
    assert len(BAD) >= 60


@pytest.mark.parametrize("text", ["Certainly the tide fell.", TIDE, CHAO])
def test_nothing_worse_than_a_note_in_plain_prose(text: str) -> None:
    scores = evaluate(Subject(text, "zh" if text is CHAO else "en"), gates())
    assert all(finding.severity < Severity.WARN for score in scores for finding in score.findings)
