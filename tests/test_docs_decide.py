"""docs/decide.md: the policy a team copies is one, and so is that of the example application."""

import re
from pathlib import Path

import yaml

from traceeval.model.release import LAYERS
from traceeval.run import load_release_policy, read_evidence

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "decide.md").read_text(encoding="utf-8")
(RESULT,) = re.findall(r"^```json\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
POLICY, WAIVED = re.findall(r"^```yaml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def test_the_policy_of_the_page_is_read_as_it_stands_and_asks_for_every_layer(tmp_path):
    (tmp_path / "release.yaml").write_text(POLICY)
    found = load_release_policy(tmp_path / "release.yaml").policy
    assert [name for name, layer in found.layers if layer is not None] == list(LAYERS)
    told = yaml.safe_load(POLICY)
    (tmp_path / "release.yaml").write_text(
        yaml.safe_dump({**told, "layers": {**told["layers"], **yaml.safe_load(WAIVED)}})
    )
    assert load_release_policy(tmp_path / "release.yaml").policy.layers.judge.waived


def test_the_policy_of_the_example_asks_for_every_layer():
    found = load_release_policy(ROOT / "examples" / "support_desk" / "release.yaml").policy
    assert all(layer is not None and not layer.waived for _, layer in found.layers)


def test_the_benchmark_of_the_page_is_evidence(tmp_path):
    (tmp_path / "b.json").write_text(RESULT)
    assert read_evidence(str(tmp_path / "b.json")).states == {"release": ("1.4.0",)}
