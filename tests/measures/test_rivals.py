"""Which passages say something else in a fact's place, and which are merely about something else."""

import pytest

from traceeval.measures.rivals import rival

# passage, fact, the sentence of the answer, question, whether the passage says otherwise
CASES = [
    ("Refunds are paid within 30 days.", "14 days", "Refunds are paid within 14 days.", "How long do refunds take?", True),
    ("You will get your refund 30 days after we receive the parcel.", "14 days", "Refunds are paid within 14 days.",
     "How long do refunds take?", True),
    ("Parcels arrive within 30 days.", "14 days", "Refunds are paid within 14 days.", "How long do refunds take?", False),
    ("The capital of Elbonia is Gronk.", "Vlad", "The capital of Elbonia is Vlad.", "What is the capital of Elbonia?", True),
    ("Gronk is the capital of Elbonia.", "Vlad", "The capital of Elbonia is Vlad.", "What is the capital of Elbonia?", True),
    ("Elbonia borders Gronkland in the north.", "Vlad", "The capital of Elbonia is Vlad.", "What is the capital of Elbonia?", False),
    ("Water damage is covered by the warranty.", "no", "No, water damage is not covered.",
     "Is water damage covered by the warranty?", True),
    ("Scratches are covered by the warranty.", "no", "No, water damage is not covered.",
     "Is water damage covered by the warranty?", False),
    ("The bridge opened in 1936.", "1932", "The bridge opened in 1932.", "When did the bridge open?", True),
    ("Opened in 1936, the harbour bridge carries eight lanes.", "1932", "The harbour bridge opened in 1932.",
     "When did the harbour bridge open?", True),
    ("The tunnel opened in 1936.", "1932", "The bridge opened in 1932.", "When did the bridge open?", False),
    ("The treaty was signed on 4 May 1999.", "3 May 1999", "The treaty was signed on 3 May 1999.",
     "When was the treaty signed?", True),
    ("The licence costs $40 a year.", "$25", "The licence costs $25 a year.", "What does the licence cost?", True),
    ("A yearly licence is $40.", "$25", "The licence costs $25 a year.", "What does the licence cost?", True),
    ("The licence lasts 40 years.", "$25", "The licence costs $25 a year.", "What does the licence cost?", False),
    ("Aspirin increases the risk of bleeding.", "Aspirin reduces the risk of bleeding.", "Aspirin reduces the risk of bleeding.",
     "What does aspirin do to the risk of bleeding?", True),
    ("Aspirin is sold without prescription.", "Aspirin reduces the risk of bleeding.", "Aspirin reduces the risk of bleeding.",
     "What does aspirin do to the risk of bleeding?", False),
    ("It is not Vlad, whatever people say.", "Vlad", "The capital is Vlad.", "What is the capital?", True),
    ("The board elected Ms Okafor as chair in May.", "Ms Lindqvist", "The board elected Ms Lindqvist as chair.",
     "Whom did the board elect as chair?", True),
    ("The council elected nobody.", "Ms Lindqvist", "The board elected Ms Lindqvist as chair.",
     "Whom did the board elect as chair?", False),
    ("Dogs may not be taken on board.", "Dogs may be taken on board.", "Dogs may be taken on board.",
     "May dogs be taken on board?", True),
    ("The museum has 12 rooms.", "9 rooms", "The museum has 9 rooms.", "How many rooms does the museum have?", True),
    ("The museum has 12 guards.", "9 rooms", "The museum has 9 rooms.", "How many rooms does the museum have?", False),
    ("", "9 rooms", "The museum has 9 rooms.", "How many rooms does the museum have?", False),
]  # fmt: skip


@pytest.mark.parametrize(("passage", "fact", "said", "question", "otherwise"), CASES)
def test_a_passage_says_otherwise_or_does_not(passage, fact, said, question, otherwise):
    found = rival(passage, (fact,), said, question)
    assert (found is not None) is otherwise
    if found is not None:
        assert passage[slice(*found)]


def test_a_passage_that_states_the_fact_is_no_rival():
    passage = "Refunds are paid within 14 days. Outside the union refunds are paid within 30 days."
    assert rival(passage, ("14 days",), "Refunds are paid within 14 days.", "How long do refunds take?") is None
