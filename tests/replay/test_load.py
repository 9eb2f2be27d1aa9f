"""A suite is read strictly: what would silently mean something else is refused, with its line."""

import json
import random
from pathlib import Path

import pytest
import yaml

from traceeval.errors import ConfigError
from traceeval.measures.strict_yaml import documents
from traceeval.model.user import Guard
from traceeval.replay import load_suite

PLAIN = """\
apiVersion: traceeval/scenario.v1
id: shop/cancel
user:
  turns:
    - say: Please cancel BL-1.
      paraphrases: [I want BL-1 cancelled]
    - when: {agent_asks: [reason]}
      say: It came late.
tools: {mode: stateful, module: "shop:build", state: {value: {orders: {BL-1: {status: open}}}}}
faults:
  - {id: down, at: {tool: "get_*"}, inject: {http_500: {times: 2}}, expect: degrades_safely}
assertions:
  milestones:
    look: {call: {tool: get_order, args: {order_id: BL-1}}}
    cancel: {call: {tool: cancel_order, args: {order_id: BL-1}}, after: [look]}
  state: {expect: {orders.BL-1.status: cancelled}}
  pass: [milestones, state]
"""


def written(folder: Path, text: str, name: str = "one.yaml") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def values(text: str):
    return [document.value for document in documents(text, "f.yaml")]


def test_a_scenario_is_read_with_its_defaults(tmp_path):
    suite = load_suite(written(tmp_path, PLAIN))
    (scenario,) = suite.scenarios
    assert scenario.id == "shop/cancel"
    assert scenario.user.turns[1].when == Guard(agent_asks=("reason",))
    assert scenario.trials.first_seeds == (1, 2, 3, 4, 5, 6, 7, 8)
    assert scenario.agent.budget.calls == 100


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("on: no", {"on": "no"}),
        ("yes: off", {"yes": "off"}),
        ("a: 0123", {"a": "0123"}),
        ("a: 12:30", {"a": "12:30"}),
        ("a: 2024-05-15", {"a": "2024-05-15"}),
        ("a: 0x1f", {"a": "0x1f"}),
        ("a: 1_000", {"a": "1_000"}),
        ("a: .inf", {"a": ".inf"}),
        ("a: ~", {"a": "~"}),
        ("a: True", {"a": "True"}),
        ("a: 1e3", {"a": 1000.0}),
        ("a: -0.5", {"a": -0.5}),
        ("a: 'true'", {"a": "true"}),
        ("a: true", {"a": True}),
        ("a: null", {"a": None}),
    ],
)
def test_scalars_are_what_json_says_they_are(text, value):
    assert values(text) == [value]


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("a: 1\nb: 2\na: 3", 3, "stands twice"),
        ("a: 1\nb:\nc: 3", 2, "empty value"),
        ("a: 1\nb: !!python/object:os.system x", 2, "tag"),
        ("a: 1\nb: !!int '3'", 2, "tag"),
        ("? [a]\n: 1", 1, "a key is a text"),
        ("a: 1\nb: 123456789012345678901", 2, "larger than JSON carries"),
        ("a: 1\nb: [", 2, "not YAML"),
        ("a: 1\nb: \x01", 2, "not YAML"),
    ],
)
def test_what_could_mean_something_else_is_refused_with_its_line(text, line, says):
    with pytest.raises(ConfigError, match=says) as error:
        values(text)
    assert str(error.value).startswith(f"f.yaml:{line}:")


def test_anchors_that_swell_are_refused():
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    bomb += "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 8))
    with pytest.raises(ConfigError, match="anchors"):
        values(bomb)


def test_nesting_without_end_is_refused():
    with pytest.raises(ConfigError, match="too deep"):
        values("[" * 1200)
    with pytest.raises(ConfigError, match="too deep"):
        values("a: &a [*a]")


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("- say: Please", "- sya: Please", 5, "unknown field `sya`"),
        ("{tool: get_order,", "{tol: get_order,", 14, "unknown field `tol`"),
        ("after: [look]", "after: [lock]", 13, "follows 'lock'"),
        ("order_id: BL-1}}}\n    cancel", "order_id: {one_of: [BL-1]}}}}\n    cancel", 14, r"written \$one_of"),
        ("order_id: BL-1}}}\n    cancel", "order_id: {$on_of: [BL-1]}}}}\n    cancel", 14, r"'\$on_of' is unknown"),
        ("id: shop/cancel", "id: shop cancel", 2, "is no id"),
        ("pass: [milestones, state]", "pass: [milestones, answer]", 12, "do not declare"),
        ("pass: [milestones, state]", "pass: []", 12, "need `pass`"),
        (", expect: degrades_safely", "", 11, "missing required field `expect`"),
        ("{http_500: {times: 2}}", "{http_500: {times: 2}, empty: {}}", 11, "exactly one of"),
        ("state: {value:", "state: {patch: [{op: remove, path: /x}], value:", 9, "does not apply"),
        ('module: "shop:build", ', "", 9, "module, command"),
        ("mode: stateful", "mode: live", 9, "needs `allow`"),
        ("paraphrases: [I want", "when: {agent_says: x}\n      paraphrases: [I want", 3, "first turn opens"),
        ("id: shop/cancel", "id: shop/cancel\ntrials: {n: 3, stop_early: first_failure}", 3, "stop_early"),
        ("id: shop/cancel", "id: shop/cancel\ntrials: {n: 3, seeds: [1, 1, 2]}", 3, "twice"),
        ("id: shop/cancel", "id: shop/../cancel", 2, "is no id"),
        ("id: shop/cancel", "id: shop/cancel\ntrials: {n: 1000000000}", 3, "it is 1 to 10000"),
        ("id: shop/cancel", "id: shop/cancel\nagent: {budget: {wall_s: -1}}", 3, "wall_s -1"),
        ("id: shop/cancel", "id: shop/cancel\nagent: {budget: {memory_mb: 0}}", 3, "memory_mb 0"),
        ("  pass: [milestones", "  answer: [{regex: '('}]\n  pass: [milestones", 17, "no regular expression"),
        ("  pass: [milestones", "  answer: [{regex: '(a)\\1'}]\n  pass: [milestones", 17, "takes linear time"),
        (
            "faults:",
            "variants: [{id: v, preserving: false, assertions: {answer: [{regex: '('}], pass: [answer]}}]\nfaults:",
            10,
            r"variants\.0\.assertions\.answer\.0\.regex: .* no regular expression",
        ),
        ("{http_500: {times: 2}}", "{latency: {ms: -5}}", 11, "ms -5"),
        ("{http_500: {times: 2}}", "{http_500: {times: -2}}", 11, "times -2"),
        ('module: "shop:build"', 'module: "../shop:build"', 9, "write MODULE:FUNCTION"),
    ],
)
def test_an_authoring_error_names_its_line_and_what_to_do(tmp_path, old, new, line, says):
    assert old in PLAIN
    with pytest.raises(ConfigError, match=says) as error:
        load_suite(written(tmp_path, PLAIN.replace(old, new, 1)))
    assert str(error.value).startswith(f"{tmp_path / 'one.yaml'}:{line}:"), str(error.value)


@pytest.mark.parametrize("name", ["../outside.json", "/etc/hostname", "link.json"])
def test_nothing_outside_the_folder_is_read(tmp_path, name):
    suite = tmp_path / "suite"
    suite.mkdir()
    (tmp_path / "outside.json").write_text("{}")
    (suite / "link.json").symlink_to(tmp_path / "outside.json")
    with pytest.raises(ConfigError, match="leads out of"):
        load_suite(written(suite, PLAIN.replace("value: {orders: {BL-1: {status: open}}}", f"file: {name}")))


def test_the_annotations_of_a_suite_lie_in_its_folder(tmp_path):
    head = 'apiVersion: traceeval/suite.v1\nid: shop\nversion: "1"\ntools: ../tools.yaml\n'
    written(tmp_path, head, "suite.yaml")
    with pytest.raises(ConfigError, match="leads out of"):
        load_suite(written(tmp_path, PLAIN))


def test_what_a_suite_says_for_all_is_taken_where_a_scenario_is_silent(tmp_path):
    written(
        tmp_path,
        'apiVersion: traceeval/suite.v1\nid: shop\nversion: "1.2"\n'
        'defaults:\n  tools: {module: "shop:build", state: {value: {orders: {BL-1: {status: open}}}}}\n  trials: {n: 4}\n',
        "suite.yaml",
    )
    tools = 'tools: {mode: stateful, module: "shop:build", state: {value: {orders: {BL-1: {status: open}}}}}'
    patch = "tools: {state: {patch: [{op: replace, path: /orders/BL-1/status, value: packed}]}}"
    suite = load_suite(written(tmp_path, PLAIN.replace(tools, patch)))
    assert (suite.id, suite.version) == ("shop", "1.2")
    (scenario,) = suite.scenarios
    assert scenario.tools.module == "shop:build"
    assert scenario.trials.n == 4
    assert scenario.tools.state is not None
    assert scenario.tools.state.value == {"orders": {"BL-1": {"status": "open"}}}


def test_an_error_in_the_defaults_is_told_where_they_stand(tmp_path):
    head = 'apiVersion: traceeval/suite.v1\nid: shop\nversion: "1"\ndefaults:\n  trials: {m: 4}\n'
    written(tmp_path, head, "suite.yaml")
    with pytest.raises(ConfigError, match=r"suite\.yaml:5: trials\.m"):
        load_suite(written(tmp_path, PLAIN))


def test_two_scenarios_of_one_id_are_refused(tmp_path):
    with pytest.raises(ConfigError, match=r"one\.yaml:19: 'shop/cancel' is the id of .*one\.yaml:1"):
        load_suite(written(tmp_path, f"{PLAIN}---\n{PLAIN}"))


def mutated(text: str, random: random.Random) -> str:
    """The text with a few characters lost, doubled, swapped, or replaced by what means something in YAML."""
    for _ in range(random.randint(1, 3)):
        at = random.randrange(len(text))
        kind = random.randrange(4)
        if kind == 0:
            text = text[:at] + text[at + random.randint(1, 5) :]
        elif kind == 1:
            text = text[:at] + random.choice("[]{}:,&*!|>%@`'\"#-?\n \t~") + text[at:]
        elif kind == 2:
            text = text[:at] + text[at : at + 10] + text[at:]
        else:
            lines = text.split("\n")
            one, two = random.randrange(len(lines)), random.randrange(len(lines))
            lines[one], lines[two] = lines[two], lines[one]
            text = "\n".join(lines)
    return text


def check_mutants(folder: Path, n: int) -> tuple[int, int]:
    """(refused, read) of ``n`` mutants; a mutant is refused with a line, or reads as its JSON form does."""
    chance, refused, read = random.Random(6), 0, 0
    for number in range(n):
        text = mutated(PLAIN, chance)
        path = written(folder, text) / "one.yaml"
        try:
            suite = load_suite(folder)
        except ConfigError as error:
            refused += 1
            unlined = not str(error).startswith((f"{path}:", f"{folder}: no scenario"))
            if unlined:
                pytest.fail(f"mutant {number}: {error}\n{text}")
            continue
        read += 1
        as_json = folder / "json"
        as_json.mkdir(exist_ok=True)
        again = load_suite(written(as_json, "---\n".join(json.dumps(value) + "\n" for value in values(text))))
        assert again.scenarios == suite.scenarios, text
    return refused, read


def test_mutated_files_are_refused_with_a_line_or_mean_what_their_json_form_means(tmp_path):
    refused, read = check_mutants(tmp_path, 200)
    assert refused > 50
    assert read > 5


@pytest.mark.soak
def test_ten_thousand_mutated_files_are_refused_with_a_line_or_mean_what_their_json_form_means(tmp_path, figure):
    refused, read = check_mutants(tmp_path, 10_000)
    assert refused + read == 10_000
    figure("51 scenario files", f"of 10,000 mutants {refused:,} refused with a line, {read:,} read as their JSON form")


def test_plain_yaml_would_have_read_it_otherwise():
    assert yaml.safe_load("on: no\na: 0123\nb: 12:30") == {True: False, "a": 83, "b": 750}


def test_two_escapes_of_a_pair_are_one_character_and_half_of_one_is_refused():
    (found,) = documents('a: "\\ud83d\\ude00 é"', "x.yaml")
    assert found.value == {"a": "😀 é"}
    with pytest.raises(ConfigError, match=r"x\.yaml:2: half of a character"):
        list(documents('a: 1\nb: "\\ud83d!"', "x.yaml"))
