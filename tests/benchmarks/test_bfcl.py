"""The suite on rows written by hand: schemas, answers, changes, figures."""

from benchmarks.suites import _bfcl, _perturb, bfcl

RIGHT = {"item": "st ives mug", "count": 2, "price": 34.05, "type": {"a": "y"}}
ROW = {
    "id": "r1",
    "group": "r1",
    "category": "simple",
    "functions": [
        {
            "name": "shop.order",
            "description": "Order something.",
            "parameters": {
                "type": "dict",
                "properties": {
                    "item": {"type": "string"},
                    "count": {"type": "integer"},
                    "price": {"type": "float"},
                    "fast": {"type": "boolean", "default": False},
                    "type": {"type": "dict", "properties": {"a": {"type": "any"}}},
                },
                "required": ["item", "count"],
            },
        }
    ],
    "ground_truth": [
        {
            "shop.order": {
                "item": ["St. Ives-mug"],
                "count": [2, 3],
                "price": [34.05],
                "fast": ["", True],
                "type": [{"a": ["x", "y"], "b": ["", 1]}],
            }
        }
    ],
    "outputs": [
        {"model": "m", "calls": [{"shop_order": RIGHT}], "valid_ref_v4": True, "valid_published": True},
        {"model": "n", "calls": None, "valid_ref_v4": False, "valid_published": False},
    ],
}
SILENT = {
    **ROW,
    "id": "r2",
    "group": "r2",
    "category": "relevance",
    "ground_truth": [],
    "outputs": [
        {"model": "m", "calls": None, "valid_ref_v4": None, "valid_published": True},
        {"model": "n", "calls": [{"shop_order": {}}], "valid_ref_v4": None, "valid_published": False},
    ],
}


def kinds(row):
    return {made.kind: made for made in _perturb.perturbed(row)}


def test_schemas_are_json_schema_everywhere_and_arguments_named_type_stay():
    (offer,) = _bfcl.offers_of(ROW)
    assert offer.name == "shop_order"
    assert offer.parameters["type"] == "object"
    properties = offer.parameters["properties"]
    assert properties["price"] == {"type": "number"}
    assert properties["type"] == {"type": "object", "properties": {"a": {}}}
    assert properties["fast"] == {"type": "boolean", "default": False}


def test_answers_are_matchers():
    assert dict(_bfcl.spec_of(ROW["ground_truth"][0]).args) == {
        "item": {"$one_of": ["St. Ives-mug"]},
        "count": {"$one_of": [2, 3]},
        "price": {"$one_of": [34.05]},
        "fast": {"$optional": {"$one_of": [True]}},
        "type": {"$one_of": [{"a": {"$one_of": ["x", "y"]}, "b": {"$optional": {"$one_of": [1]}}}]},
    }


def test_the_canonical_answer_takes_first_values_and_leaves_out_what_may_be_missing():
    assert _perturb.canonical(ROW) == (
        {"shop_order": {"item": "St. Ives-mug", "count": 2, "price": 34.05, "type": {"a": "x"}}},
    )


def test_changes_are_made_one_argument_at_a_time():
    found = kinds(ROW)
    (base,) = _perturb.canonical(ROW)
    changed = {
        kind: {key: value for key, value in made.calls[0]["shop_order"].items() if base["shop_order"].get(key) != value}
        for kind, made in found.items()
        if made.calls
    }
    assert changed["dropped dots"] == {"item": "St Ives-mug"}
    assert changed["dropped decimal point"] == {"price": 3405}
    assert changed["typographic dash"] == {"item": "St. Ives–mug"}
    assert changed["no-break space"] == {"item": "St.\u00a0Ives-mug"}
    assert changed["default spelled out"] == {"fast": False}
    assert changed["bool for int"] == {"count": True}
    assert found["dropped call"].calls == ()
    assert len(found["duplicated call"].calls) == 2
    assert {kind for kind, made in found.items() if made.right} == {
        "5.0 for 5",
        "off by 1e-12 of it",
        "no-break space",
        "typographic dash",
        "default spelled out",
    }


def test_a_change_into_an_allowed_value_is_not_wrong():
    assert all(made.calls[0]["shop_order"].get("count") != 3 for made in _perturb.perturbed(ROW) if made.calls)


def test_the_full_stop_of_a_sentence_is_nobodys_error():
    row = {**ROW, "ground_truth": [{"shop.order": {"item": ["The mug is very nice."], "count": [1]}}]}
    found = kinds(row)
    assert found["dropped full stop of a sentence"].right is None
    assert "dropped dots" not in found


def test_the_figures():
    found = bfcl.run([ROW, SILENT], False, None)
    values = {name: value["value"] for name, value in found["metrics"].items()}
    assert values == {"parity": 1.0, "wrong_accepted": 0.0, "equivalents_rejected": 0.0, "canonical_accepted": 1.0}
    assert found["subsets"]["irrelevance, published verdicts"]["parity"]["value"] == 1
    assert found["baselines"]["preset bfcl"]["equivalents_rejected"] == 1
    assert found["misses"] == []


def test_a_miss_is_listed_with_its_reason():
    wrong = {**ROW, "outputs": [{**ROW["outputs"][0], "valid_ref_v4": False}]}
    assert bfcl.run([wrong], False, None)["misses"] == ["r1 m: verdict False, preset bfcl: valid (parity only)"]
