"""Results are kept by text, within a number of characters."""

import threading

from traceeval.measures.memo import remembered, turn


def counted(most):
    made = []

    @remembered(most)
    def shout(*texts):
        made.append(texts)
        return " ".join(texts).upper()

    return shout, made


def test_the_same_texts_are_worked_on_once():
    shout, made = counted(100)
    assert [shout("a", "b"), shout("a", "b"), shout("ab")] == ["A B", "A B", "AB"]
    assert made == [("a", "b"), ("ab",)]


def test_a_function_of_one_text_is_remembered_whatever_it_says():
    made = []

    @remembered(10)
    def digit(text: str) -> int | None:
        """The digit it is."""
        made.append(text)
        return int(text) if text.isdigit() else None

    assert [digit(text) for text in ("7", "x", "7", "x")] == [7, None, 7, None]
    assert made == ["7", "x"]
    assert [digit(text) for text in ("aaaa", "bbbb", "x")] == [None, None, None]
    assert made == ["7", "x", "aaaa", "bbbb", "x"]  # the oldest had gone
    assert digit.__doc__ == "The digit it is."


def test_the_oldest_goes_when_there_are_too_many_characters():
    shout, made = counted(10)
    for text in ("aaaa", "bbbb", "cccc", "bbbb", "cccc", "aaaa"):
        shout(text)
    assert made == [("aaaa",), ("bbbb",), ("cccc",), ("aaaa",)]


def test_a_long_text_is_never_kept_and_pushes_nothing_out():
    shout, made = counted(10)
    for text in ("aaaa", "x" * 11, "x" * 11, "aaaa"):
        shout(text)
    assert made == [("aaaa",), ("x" * 11,), ("x" * 11,)]


def test_threads_get_the_right_results():
    shout, _ = counted(50)
    wrong = []

    def work(n):
        for at in range(2000):
            text = f"t{(at * n) % 37}"
            if shout(text) != text.upper():
                wrong.append(text)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(1, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_what_is_asked_for_again_stays_when_others_go():
    shout, made = counted(20)
    for text in ("aaaaa", "bbbbb", "ccccc", "aaaaa", "ddddd", "eeeee", "aaaaa"):
        shout(text)
    assert made.count(("aaaaa",)) == 1


def test_however_many_texts_there_were_few_characters_are_kept():
    shout, made = counted(1_000)
    texts = [f"text {n:05d}" for n in range(500)]
    for text in (*texts, *texts):
        shout(text)
    assert len(made) == 1_000  # the first of them had gone when it was their turn again
    for text in texts[-50:]:
        shout(text)
    assert len(made) == 1_000


def test_a_text_longer_than_half_of_what_is_kept_is_kept_all_the_same():
    shout, made = counted(10)
    assert [shout("x" * 8), shout("x" * 8)] == ["X" * 8] * 2
    assert len(made) == 1


def test_what_fills_a_tenth_is_kept_into_the_next_piece_of_work_and_no_longer():
    shout, made = counted(100)
    for text in ("aaaaaa", "aaaaaa", "bbbbbb", "aaaaaa"):
        shout(text)
        turn()
    assert made == [("aaaaaa",), ("bbbbbb",), ("aaaaaa",)]


def test_what_fills_less_outlives_any_number_of_turns():
    shout, made = counted(100)
    for _ in range(5):
        shout("aaa")
        turn()
    assert made == [("aaa",)]
