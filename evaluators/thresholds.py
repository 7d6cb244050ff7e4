"""Where the gates draw their lines: every number in one place, each with its source."""

from pydantic import BaseModel, ConfigDict, Field


class Thresholds(BaseModel):
    """Limits of the deterministic gates; settings may override any of them.

    The repetition limits separate known-clean from known-degenerate models (stored outputs of
    HelloBench: at most 7 % of the clean ones and 61-76 % of the degenerate ones exceed the
    13-gram limit). They are not validated against human labels.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    section_tolerance: float = Field(default=0.10, ge=0, le=1)
    """Accepted distance of a section from its target, as a share of the target."""
    section_slack: int = Field(default=12, ge=0)
    """Counted units a section may be off in any case: about one sentence."""
    long_gram: int = Field(default=13, ge=5)
    """Words (CJK: characters) in the n-gram whose repetition means copying."""
    long_gram_share: float = Field(default=0.05, ge=0, le=1)
    """Fail above this share of repeated long n-grams."""
    short_gram: int = Field(default=4, ge=2)
    short_gram_cjk: int = Field(default=8, ge=2)
    """A Chinese word has about two characters."""
    short_gram_share: float = Field(default=0.10, ge=0, le=1)
    """Warn above this share of repeated short n-grams."""
    short_gram_most: float = Field(default=0.50, ge=0, le=1)
    """Fail above this share: one sentence over and over with a word changed. Clean prose of the
    tests' corpora stays below 0.05."""
    gram_floor: int = Field(default=60, ge=1)
    """Texts with fewer words than this have no meaningful n-gram share."""
    paragraph_words: int = Field(default=12, ge=1)
    """A paragraph from this length on must not occur twice (CJK: times `cjk_factor`)."""
    sentence_words: int = Field(default=8, ge=1)
    """A sentence from this length on should not occur twice (CJK: times `cjk_factor`)."""
    cjk_factor: float = Field(default=2.0, ge=1)
    """Characters that say as much as one word."""
    repeated_sentences: int = Field(default=2, ge=1)
    """This many repetitions of sentences fail; fewer warn."""
    shared_sentences: int = Field(default=3, ge=1)
    """This many long sentences shared with other sections fail; fewer warn."""
    near_duplicate: float = Field(default=0.7, gt=0, le=1)
    """Similarity (Jaccard of word trigrams) from which paragraphs say the same; 0.7 is about
    one changed word in twenty-five."""
    null_share: float = Field(default=0.20, ge=0, le=1)
    """A text without a sentence, below this share of its target, is no text."""
    refusal_words: int = Field(default=120, ge=1)
    """An answer that opens with a refusal and is shorter than this is nothing but a refusal."""
    foreign_share: float = Field(default=0.20, ge=0, le=1)
    """Fail when paragraphs in another language make up more than this share of the text."""
    language_words: int = Field(default=20, ge=1)
    """Shorter texts and paragraphs are not judged by their language."""
    plan_words: int = Field(default=6, ge=1)
    """A line of the outline from this length on must not stand in the text as a line."""
    prompt_words: int = Field(default=12, ge=1)
    """A line of the prompt from this length on must not open the text."""
    gaming_share: float = Field(default=0.34, gt=0, le=1)
    """Fail from this share of sentences that praise the text or speak to its judge."""
    echo_share: float = Field(default=0.5, gt=0, le=1)
    """Fail from this share of word trigrams that are the prompt's."""
    seam_words: int = Field(default=6, ge=1)
    """Sentences on both sides of a seam are compared from this length on (CJK: times
    `cjk_factor`)."""
    seam_similarity: float = Field(default=0.6, gt=0, le=1)
    """Warn from this share of content words (Dice), or of word trigrams, that the opening of a
    section has in common with the end of the one before."""
    seam_opening: int = Field(default=4, ge=2)
    """Warn when so many first words of neighbours are the same (CJK: times `cjk_factor`)."""
    formula_words: int = Field(default=3, ge=2)
    """First words of a section that are a formula if other sections open with them too."""
    formula_sections: int = Field(default=3, ge=2)
    """Warn when so many sections of a document open with the same formula."""
    cohesion_floor: float = Field(default=0.002, ge=0, le=1)
    """Warn below this mean cosine of the content words of neighbouring passages. The tests' clean
    documents have 0.008 to 0.10, paragraphs of different documents 0.003 to 0.04: only a text
    whose passages share nothing at all is told apart by words."""
    flesch_floor: float = Field(default=-10.0, ge=-1_000, le=100)
    """Warn below this Flesch reading ease (English)."""
    sentence_characters: float = Field(default=120.0, gt=0)
    """Warn above so many characters a sentence (Chinese)."""
    coverage_floor: float = Field(default=0.5, ge=0, le=1)
    """Warn when fewer of the outline's headings stand in the document in order."""
    point_overlap: float = Field(default=0.5, gt=0, le=1)
    """Share of a key point's content words that its section must hold to touch it."""


DEFAULTS = Thresholds()
