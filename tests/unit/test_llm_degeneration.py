from llm.degeneration import LoopGuard, sound_prefix

SOUND = (
    "The harbour wakes before the town does. Nets are mended on the quay, and the first boats "
    "leave while it is still dark. An old man counts them, as his father did. "
)
LOOP = "The sea is the sea is the sea. "


def _varied(sentences: int) -> str:
    words = [f"w{n}" for n in range(sentences * 8)]
    return ". ".join(" ".join(words[n : n + 8]) for n in range(0, len(words), 8)) + ". "


def test_a_loop_is_noticed_soon_after_it_begins() -> None:
    guard = LoopGuard()
    text = SOUND
    assert not guard.feed(SOUND)
    for _ in range(100):
        text += LOOP
        if guard.feed(LOOP):
            break
    else:
        raise AssertionError("not noticed")
    assert len(text) < len(SOUND) + 1500


def test_a_long_sound_text_is_no_loop() -> None:
    guard = LoopGuard()
    text = _varied(2000)
    assert not any(guard.feed(text[n : n + 50]) for n in range(0, len(text), 50))
    assert not guard.looping


def test_a_whole_text_given_at_once_is_checked() -> None:
    assert LoopGuard().feed(SOUND + LOOP * 50)
    assert not LoopGuard().feed(SOUND)


def test_the_sound_prefix_ends_with_a_sentence() -> None:
    prefix = sound_prefix(SOUND + LOOP * 50)
    assert prefix.startswith(SOUND.strip())
    assert prefix.endswith((".", "did."))
    assert prefix.count("The sea is") <= 1


def test_the_sound_prefix_of_words_that_loop_leaves_the_broken_sentence_out() -> None:
    assert sound_prefix(SOUND + "and so on " * 100) == SOUND.strip()
    assert sound_prefix("海很大。" + "海啊海" * 300) == "海很大。"


def test_a_text_without_sentences_is_cut_where_it_loops() -> None:
    prefix = sound_prefix("alpha beta gamma " + "delta " * 300)
    assert prefix.startswith("alpha beta gamma")
    assert len(prefix) < 40


def test_a_sound_text_is_its_own_prefix() -> None:
    assert sound_prefix(SOUND) == SOUND
