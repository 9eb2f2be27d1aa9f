"""Plots share pages: what one says of its looks touches no other."""

import re
from importlib import import_module

import pytest

PLOTS = {
    "agreement_plot": "te-agree",
    "calibration_plot": "te-cal",
    "confidence": "te-conf",
    "forest_plot": "te-forest",
    "layers_plot": "te-layers",
    "trend_plot": "te-trend",
}


@pytest.mark.parametrize(("module", "name"), PLOTS.items())
def test_a_plot_has_both_palettes_and_touches_no_other(module, name):
    style = import_module(f"traceeval.report.{module}")._STYLE
    day, dark, rules = re.fullmatch(r"(.*?\})@media\(prefers-color-scheme:dark\)\{(.*?\})\}(.*)", style).groups()
    assert re.findall(r"--\w+(?=:)", day) == re.findall(r"--\w+(?=:)", dark)
    selectors = [one.strip() for group in re.findall(r"([^{}]+)\{", day + dark + rules) for one in group.split(",")]
    assert all(one == f".{name}" or one.startswith(f".{name} ") for one in selectors)
    used = set(re.findall(r"var\((--\w+)\)", style))
    assert used <= set(re.findall(r"--\w+(?=:)", day))
