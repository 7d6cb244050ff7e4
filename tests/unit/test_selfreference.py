"""Sentences about the text itself, told apart from those about its subject."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluators.selfreference import self_references, without_self_reference

ABOUT_ITSELF = """
This article will explore the history of tides.
This section discusses the turbines in detail.
In this section, we look at the turbines.
In this article, you will learn how tides work.
Throughout this essay, the sea has been a symbol.
By the end of this section the reader knows the tides.
The following section examines the grid.
The next section will cover costs.
The present essay aims to show why tides matter.
This passage describes the barrage.
This paragraph highlights the main risks.
This blog post provides an overview of tidal power.
This short essay concludes with a look ahead.
The article will then turn to costs.
The essay ends with a look at the future.
The article could be improved with more examples.
The paragraphs are written in plain English.
A new paragraph, written in English, just ends.
It has a clear and concise structure with bullet points.
The writing style is professional and clear, with no slang that might confuse readers.
Facts and data will be used throughout the text to support the ideas.
The costs are discussed in detail in this section.
The barrage is described throughout this article.
It will also discuss the costs.
We will explore how the turbines work.
We will discuss the costs of the barrage.
It will cover the history of the barrage.
Here is the revised version of the section.
Here are three paragraphs on the tides.
Below is a draft of the text.
The following is an article about tides.
I will now write the next section.
I'll provide an overview of the tides.
Let me give you a summary of the text.
I can help you with more details.
I have written about 300 words.
Write about 300 words on the tides.
This is a rewritten version of the original text with improvements.
A new paragraph, no more than 702 words, keeps the idea of the text.
Here's a concise outline of the content you requested.
Sounds like a plan.
What a fascinating topic!
本节将介绍潮汐发电的历史。
本段主要讨论水轮机。
这篇文章旨在说明潮汐的力量。
这一节会讨论成本问题。
在本节中，我们将看到水轮机如何运转。
在这篇文章里，读者可以了解潮汐。
本部分将分析风险。
""".strip().splitlines()

ABOUT_ITS_SUBJECT = """
This is a revised version of the law that Parliament passed.
Here is the coffee you asked for.
This report examines tidal power on the coasts of Europe.
The style is lyrical, and the novel is better for it.
The crystal has a clear structure with six sides.
The text was written in 1848, in English and in German.
Brass will be used throughout the hull.
This study describes the fish of the estuary.
This article applies to contracts made abroad.
This Article applies to all vessels above 300 tons.
This article covers contracts concluded after 1 January 2020.
This section describes offences against public order for which a fine is due.
This article provides that no vessel may anchor in the strait.
Article 5 explains which vessels are exempt.
Section 7 of the Act covers damage to the dam.
The Times printed an article about the harbour.
An article in the Times will anger its readers.
The text of the treaty was read aloud.
The section of the pipe below the valve leaks.
The passage between the islands is narrow.
This passage leads to the old harbour.
The essay won her a prize in Paris.
He wrote an essay on tides when he was ten.
A blog post can ruin a reputation within a day.
This piece of rope holds the whole ship.
The next section of the line opens in May.
This post was guarded day and night.
She discussed the plan in the kitchen.
The dispute was mentioned in the morning papers.
I would give anything to see the sea again.
I will keep the lamp burning until you return.
I have written to my mother every week since.
I can still hear the gulls above the quay.
Let me help you with that rope, he thought.
Let us look at the tide tables.
It will cover the valley in ash.
It will describe a wide arc around the moon.
We will explore the cave at dawn, they agreed.
Here is the harbour where the first mill stood.
Here are the men who built the dam.
Here's the catch: turbines rust.
The following is true of every tide.
She writes two more letters before noon.
“This article will ruin us,” said the mayor.
"In this section of the harbour," the pilot said, "we row."
"I will write the next chapter of my life here," she said.
本条适用于在海上订立的合同。
本节车厢的乘客请从前门下车。
这篇文章被译成了十种语言。
他在这篇小说里写了大海。
“这篇文章会毁了我们，”市长说。
这一段河道十分狭窄。
""".strip().splitlines()


@pytest.mark.parametrize("sentence", ABOUT_ITSELF)
def test_a_sentence_about_the_text_is_found_and_dropped(sentence: str) -> None:
    assert self_references(sentence) == [(0, len(sentence))]
    wide = "这里潮水很急。" if sentence[0] > "一" else "The tide is strong here."
    gap = "" if sentence[0] > "一" else " "
    assert without_self_reference(gap.join([wide, sentence, wide])) == gap.join([wide, wide])


@pytest.mark.parametrize("sentence", ABOUT_ITS_SUBJECT)
def test_a_sentence_about_the_subject_stays(sentence: str) -> None:
    assert self_references(sentence) == []
    assert without_self_reference(sentence) == sentence


def test_a_paragraph_left_empty_goes() -> None:
    text = "Tides rise.\n\nThis section discusses tides.\n\nTides fall. They rise again."
    assert without_self_reference(text) == "Tides rise.\n\nTides fall. They rise again."


def test_a_text_that_is_nothing_else_stays() -> None:
    text = "This section discusses tides. In this section we look at moons. Tides rise."
    assert without_self_reference(text) == text
    assert without_self_reference("") == ""


@given(st.lists(st.sampled_from([*ABOUT_ITSELF[:6], *ABOUT_ITS_SUBJECT[:8]]), max_size=8))
def test_only_whole_sentences_go_and_once_is_enough(chosen: list[str]) -> None:
    once = without_self_reference("\n\n".join(chosen))
    kept = [line for line in once.split("\n\n") if line]
    assert [line for line in kept if line in ABOUT_ITS_SUBJECT] == [
        line for line in chosen if line in ABOUT_ITS_SUBJECT
    ]
    assert set(kept) <= set(chosen)
