from index.lexical import terms
from qa.language.wording import FUNCTION, OFFICIAL, everyday, official_words, weigh


def test_table_gives_official_words_of_two_characters_and_more() -> None:
    table = everyday()
    assert len(table) > 1000
    assert table["看病"] == ("就医", "就诊", "诊疗", "医疗")
    assert all(len(word) > 1 for words in table.values() for word in words)
    assert all(said and not said.startswith("#") for said in table)


def test_longest_everyday_word_is_read_first() -> None:
    assert official_words("看病要排队吗") == ["就医", "就诊", "诊疗", "医疗"]
    assert official_words("挂个号看病") == ["预约挂号", "预约诊疗", "就医", "就诊", "诊疗", "医疗"]


def test_official_word_is_given_once_in_the_order_of_the_question() -> None:
    assert official_words("看病，看病") == official_words("看病")


def test_official_prose_has_no_everyday_words() -> None:
    assert official_words("") == []
    assert official_words("归集") == []


def test_own_terms_count_most_then_official_ones_then_function_characters() -> None:
    weights = weigh("的图书馆")
    assert weights == {"的": FUNCTION, "图": 1.0, "书": 1.0, "馆": 1.0, "的图": 1.0, "图书": 1.0, "书馆": 1.0}
    weights = weigh("看病")
    assert weights["看病"] == 1.0
    assert (weights["就医"], weights["就"], weights["医"]) == (OFFICIAL, OFFICIAL / 2, OFFICIAL / 2)


def test_official_word_does_not_lower_a_term_of_the_question() -> None:
    assert weigh("看病就医")["就医"] == 1.0


def test_every_term_of_the_question_has_a_weight() -> None:
    question = "爱山东APP上2021年办件率100%吗？"
    assert set(terms(question)) <= set(weigh(question))
    assert weigh("") == {}
