"""Configuration: one place, clear refusals."""

import pytest

from traceeval.cli._config import Config, load_config
from traceeval.errors import ConfigError


def test_without_a_file_the_defaults_hold(tmp_path):
    assert load_config(None, tmp_path) == (Config(), "defaults")


def test_traceeval_toml_wins_over_pyproject(tmp_path):
    (tmp_path / "traceeval.toml").write_text('out = "a"')
    (tmp_path / "pyproject.toml").write_text('[tool.traceeval]\nout = "b"')
    config, where = load_config(None, tmp_path)
    assert config.out == "a"
    assert where.endswith("traceeval.toml")


def test_pyproject_is_read_below_its_tool_table(tmp_path):
    (tmp_path / "pyproject.toml").write_text('[tool.traceeval]\nfail-under = ["retriever.recall=0.8"]')
    assert load_config(None, tmp_path)[0].fail_under == ("retriever.recall=0.8",)


@pytest.mark.parametrize(("text", "hint"), [("colour = 1", "colour"), ("workers = 0", "workers"), ("out = ", "TOML")])
def test_a_wrong_file_names_itself_and_the_key(tmp_path, text, hint):
    path = tmp_path / "traceeval.toml"
    path.write_text(text)
    with pytest.raises(ConfigError, match=hint) as caught:
        load_config(str(path))
    assert str(path) in str(caught.value)


def test_a_missing_file_is_said(tmp_path):
    with pytest.raises(ConfigError, match="cannot be read"):
        load_config(str(tmp_path / "none.toml"))
