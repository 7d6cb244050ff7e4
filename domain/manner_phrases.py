"""Knows what is said of how somebody writes: to models in English, to people in their language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

Phrases = Mapping[str, str]

ENGLISH: Final[Phrases] = {
    "stop": ".", "between": "; ", "comma": ", ", "and": " and ", "quoted": '"{}"',
    "words": "words", "characters": "characters",
    "sentence_low": "Short sentences, about {n} {unit} on average",
    "sentence_middle": "Medium sentences, about {n} {unit} on average",
    "sentence_high": "Long sentences, about {n} {unit} on average",
    "spread_low": ", of much the same length",
    "spread_middle": ", of moderately varied length",
    "spread_high": ", with very short ones beside very long ones",
    "impersonal": "Impersonal: the author and the reader are hardly ever mentioned.",
    "author": "The author {}.", "often": "often says {}", "at_times": "says {} now and then",
    "besides": " and ",
    "wording": "Wording: ",
    "ease_low": "learned, long words", "ease_high": "plain, short words",
    "variety_low": "the same words again rather than synonyms", "variety_high": "a rich vocabulary",
    "contractions_low": "no contractions", "contractions_high": 'contractions ("it\'s", "don\'t")',
    "paragraph_low": "Short paragraphs, about {n} {unit} each.",
    "paragraph_high": "Long paragraphs, about {n} {unit} each.",
    "punctuation": "Punctuation: ",
    "commas_low": "few commas", "commas_high": "many commas",
    "frequent": "frequent {}", "rare": "hardly any {}",
    "semicolons": "semicolons", "colons": "colons", "dashes": "dashes",
    "brackets": "remarks in brackets", "questions": "questions",
    "exclamations": "exclamation marks",
    "links": "Links: ",
    "connectives_low": "thoughts follow each other with few linking words",
    "connectives_high": "thoughts are tied together by many linking words",
    "openings_high": "sentences often begin with one",
    "favourites": "favourites are {}",
    "quotations_high": "Much direct speech or quotation.",
    "items_low": "Running prose without lists.",
    "items_high": "Lists wherever things are enumerated.",
}  # fmt: skip
CHINESE: Final[Phrases] = {
    "stop": "。", "between": "；", "comma": "、", "and": "和", "quoted": "“{}”",
    "words": "词", "characters": "字",
    "sentence_low": "句子较短，平均约 {n} {unit}",
    "sentence_middle": "句子长短适中，平均约 {n} {unit}",
    "sentence_high": "句子较长，平均约 {n} {unit}",
    "spread_low": "，长短相近",
    "spread_middle": "，长短略有变化",
    "spread_high": "，极短的句子与极长的句子相间",
    "impersonal": "不带人称：几乎不提作者和读者。",
    "author": "作者{}。", "often": "常说{}", "at_times": "偶尔说{}",
    "besides": "，",
    "wording": "用词：",
    "ease_low": "书面的长词", "ease_high": "平易的短词",
    "variety_low": "重复同样的词，少用同义词", "variety_high": "词汇丰富",
    "contractions_low": "不用缩写", "contractions_high": "使用缩写（“it's”“don't”）",
    "paragraph_low": "段落较短，每段约 {n} {unit}。",
    "paragraph_high": "段落较长，每段约 {n} {unit}。",
    "punctuation": "标点：",
    "commas_low": "逗号少", "commas_high": "逗号多",
    "frequent": "多用{}", "rare": "几乎不用{}",
    "semicolons": "分号", "colons": "冒号", "dashes": "破折号",
    "brackets": "括号中的补充", "questions": "问句",
    "exclamations": "感叹号",
    "links": "衔接：",
    "connectives_low": "少用连接词，思路自然相承",
    "connectives_high": "用许多连接词把思路连在一起",
    "openings_high": "句子常以连接词开头",
    "favourites": "最常用{}",
    "quotations_high": "多用对话或引语。",
    "items_low": "行文连贯，不用列表。",
    "items_high": "列举时一律用列表。",
}  # fmt: skip


def phrases(language: str) -> Phrases:
    """What is said in a language; English for any that is not known."""
    return CHINESE if language.startswith("zh") else ENGLISH
