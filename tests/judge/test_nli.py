"""The local cross-encoder, with a tiny ONNX model made here: plumbing only, it knows nothing."""

import json

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, pre_tokenizers

from traceeval.errors import ConfigError
from traceeval.judge import Judges
from traceeval.judge.checkers.nli import nli
from traceeval.testing import check_checker

WORDS = ["[UNK]", "yes", "no", "maybe", "the", "nile", "is", "long", "in", "all", "years"]


@pytest.fixture
def folder(tmp_path):
    """A model that adds up one row of logits per word: yes entails, no contradicts, maybe is between."""

    def make(labels, max_length=64):
        rows = np.zeros((len(WORDS), len(labels)), dtype=np.float32)
        for word, label in (("yes", "entailment"), ("no", "contradiction")):
            if label in labels:
                rows[WORDS.index(word), labels.index(label)] = 20.0
        graph = helper.make_graph(
            [
                helper.make_node("Gather", ["rows", "input_ids"], ["each"], axis=0),
                helper.make_node("ReduceSum", ["each", "axis"], ["logits"], keepdims=0),
            ],
            "tiny",
            [helper.make_tensor_value_info("input_ids", TensorProto.INT64, [1, None])],
            [helper.make_tensor_value_info("logits", TensorProto.FLOAT, [1, len(labels)])],
            [numpy_helper.from_array(rows, "rows"), numpy_helper.from_array(np.array([1], dtype=np.int64), "axis")],
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
        onnx.save(model, tmp_path / "model.onnx")
        tokenizer = Tokenizer(models.WordLevel({word: n for n, word in enumerate(WORDS)}, unk_token="[UNK]"))
        tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        tokenizer.save(str(tmp_path / "tokenizer.json"))
        config = {"id2label": {str(n): label for n, label in enumerate(labels)}, "max_position_embeddings": max_length}
        (tmp_path / "config.json").write_text(json.dumps(config))
        return tmp_path

    return make


def check(folder, claims, *passages):
    from traceeval.model import Passage

    with Judges() as judges:
        checker = nli(judges, path=str(folder))
    return checker.check(claims, [Passage(id=f"p{n}", text=text) for n, text in enumerate(passages)])


ORDERS = [
    ["entailment", "neutral", "contradiction"],
    ["contradiction", "entailment", "neutral"],
    ["neutral", "contradiction", "entailment"],
]


@pytest.mark.parametrize("labels", ORDERS)
def test_labels_come_from_the_config_and_not_from_their_place(folder, claims, labels):
    asked = claims("the nile is long in all years")
    found = [
        check(folder(labels), asked, f"{word} the nile is long in all years.")[0] for word in ("yes", "no", "maybe")
    ]
    assert [verdict.outcome for verdict in found] == ["supported", "contradicted", "unsupported"]


def test_a_two_label_model_cannot_say_contradicted(folder, claims):
    made = folder(["consistent", "entailment"])
    with Judges() as judges:
        assert nli(judges, path=str(made)).can == {"edges"}


def test_a_window_that_entails_outweighs_one_that_contradicts(folder, claims):
    asked = claims("the nile is long in all years")
    (verdict,) = check(folder(ORDERS[0]), asked, "yes the nile is long.", "no in all years.")
    assert verdict.outcome == "supported"
    assert verdict.edges[0].passage == "p0"


def test_a_long_premise_is_cut_and_the_claim_is_not(folder, claims):
    made = folder(ORDERS[0], max_length=12)
    (verdict,) = check(made, claims("yes the nile is long"), "the nile is long " * 200 + ".")
    assert verdict.outcome == "supported"  # the word that entails stands in the claim, after the cut


def test_the_id_is_the_hash_of_the_weights(folder):
    with Judges() as judges:
        first = nli(judges, path=str(folder(ORDERS[0]))).id
        assert first == nli(judges, path=str(folder(ORDERS[0]))).id
        assert first != nli(judges, path=str(folder(ORDERS[1]))).id


def test_the_contract_holds(folder):
    with Judges() as judges:
        check_checker(nli(judges, path=str(folder(ORDERS[0]))))


@pytest.mark.parametrize(
    ("labels", "said"), [(["LABEL_0", "LABEL_1"], "says entailment"), (None, "no id2label"), ("no weights", "neither")]
)
def test_a_folder_that_is_no_such_model_is_refused_in_words(folder, tmp_path, labels, said):
    made = folder(labels if isinstance(labels, list) else ORDERS[0])
    if labels is None:
        (made / "config.json").write_text("{}")
    if labels == "no weights":
        (made / "model.onnx").unlink()
    with Judges() as judges, pytest.raises(ConfigError, match=said):
        nli(judges, path=str(made))


def test_a_path_that_is_no_folder_is_refused(tmp_path):
    with Judges() as judges, pytest.raises(ConfigError, match="needs a folder"):
        nli(judges, path=str(tmp_path / "nowhere"))
