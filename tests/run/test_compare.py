"""Two evaluated folders: from traces on disk to what changed."""

import json
import shutil
from pathlib import Path

import pytest

import traceeval
from traceeval.errors import ConfigError, InputError
from traceeval.run import compare_folders
from traceeval.testing import call, model, retrieval, trace, user

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "cast2021_rerank" / "dev.jsonl"


def answered(n, *, found="d1", release="1", usage=100):
    from traceeval.model import Reference, System, Usage

    return trace(
        user(f"what of {n}"),
        retrieval((found, f"fact {n}"), query=f"what of {n}"),
        call("look_up", {"n": n}, {"n": n}),
        model(
            f"fact {n}", prompt=[("system", f"fact {n}"), ("user", f"what of {n}")], usage=Usage(input=usage, output=10)
        ),
        id=f"{release}-{n}",
        question=f"what of {n}",
        answer=f"fact {n}",
        reference=Reference(documents={"d1": 1}),
        system=System(app="app", release=release),
    )


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    place = tmp_path_factory.mktemp("compared")
    traceeval.evaluate([answered(n) for n in range(20)], out=place / "base")
    worse = [answered(n, found="d1" if n < 8 else "d9", release="2", usage=130) for n in range(21)]
    traceeval.evaluate(worse, out=place / "head")
    return place


def by_name(found):
    return {one.metric: one for one in found.changes}


def test_the_component_that_got_worse_is_named_and_no_other(folders):
    found = compare_folders(folders / "base", folders / "head")
    told = by_name(found)
    assert {name for name, one in told.items() if one.verdict == "regressed"} == {"retriever.recall", "tokens"}
    assert (told["retriever.recall"].base, told["retriever.recall"].head) == (1.0, 0.4)
    assert found.paired_by == {"inputs": 20}
    assert found.only_head == ("what of 20",)
    assert found.head.systems == ("system.app=app", "system.release=2")
    assert found.parted == 12
    assert found.divergences[0].step == 1


def test_a_run_against_itself_shows_nothing(folders):
    found = compare_folders(folders / "base", folders / "base")
    assert {one.verdict for one in (*found.changes, *found.others, *found.findings)} == {"undecided"}
    assert found.base.name == "base"
    assert found.head.name == "head"


def test_what_is_asked_about_can_be_chosen(folders):
    found = compare_folders(folders / "base", folders / "head", metrics=["calls"], margins={"retriever.ndcg": 0.1})
    assert [one.metric for one in found.changes] == ["calls", "retriever.ndcg"]
    assert "retriever.recall" in {one.metric for one in found.others}


def test_an_unknown_measure_is_an_error_that_names_the_known(folders):
    with pytest.raises(ConfigError, match=r"retriever\.recal: not a measure of both runs.*retriever\.recall"):
        compare_folders(folders / "base", folders / "head", metrics=["retriever.recal"])


def test_a_folder_nobody_evaluated_into_is_refused_in_words(folders, tmp_path):
    with pytest.raises(ConfigError, match="name a folder that `traceeval evaluate --out` wrote"):
        compare_folders(folders / "base", tmp_path)
    (tmp_path / "summary.json").write_bytes((folders / "base" / "summary.json").read_bytes())
    with pytest.raises(ConfigError, match="an older version wrote it"):
        compare_folders(folders / "base", tmp_path)


def test_a_damaged_folder_is_refused_in_words(folders, tmp_path):
    again = "evaluate` again"
    for name, says in (
        ("summary.json", "another version wrote it"),
        ("traces.parquet", again),
        ("scores.parquet", again),
    ):
        copy = tmp_path / name
        shutil.copytree(folders / "head", copy)
        (copy / name).write_bytes(b"PAR1 not really")
        with pytest.raises(InputError, match=f"{name}: cannot be read.*{says}"):
            compare_folders(folders / "base", copy)
    (copy / "scores.parquet").unlink()
    with pytest.raises(ConfigError, match=r"no scores\.parquet there"):
        compare_folders(folders / "base", copy)


@pytest.mark.shared
def test_two_rerankers_differ_by_the_losses_of_the_specification(tmp_path):
    """metrics.md section 3: ANCE+BERT .1764 / .2926 / .1534, ConvDR+BERT .3221 / .3035 / .0949."""
    if not DATA.exists():
        pytest.skip("no labelled rows beside the checkout")
    from benchmarks.suites._runs import trace_of
    from benchmarks.suites.cast2021_rerank import LEVEL, PAIRED, SENT

    from traceeval.measures.ranking import trec_order

    rows = [json.loads(line) for line in DATA.read_text(encoding="utf-8").splitlines()]
    for name, (first, second) in zip(("base", "head"), PAIRED, strict=True):
        runs = [(row, row["runs"][first], row["runs"][second]) for row in rows]
        made = [
            trace_of(
                row["id"], one, row["qrels"], LEVEL, other, trec_order((doc, value) for doc, value in other)[:SENT]
            )
            for row, one, other in runs
        ]
        traceeval.evaluate(made, out=tmp_path / name, scorers=["retriever.loss", "reranker.loss", "assembler.loss"])
    names = ["retriever.loss", "reranker.loss", "assembler.loss"]
    told = by_name(compare_folders(tmp_path / "base", tmp_path / "head", metrics=names))
    assert [told[name].value for name in names] == pytest.approx([0.1457, 0.0109, -0.0585], abs=1e-4)
    assert [told[name].base for name in names] == pytest.approx([0.1764, 0.2926, 0.1534], abs=1e-4)
    assert (told["retriever.loss"].hurt, told["retriever.loss"].helped) == (49, 10)
    assert [told[name].verdict for name in names] == ["regressed", "undecided", "improved"]
    same = compare_folders(tmp_path / "base", tmp_path / "base", metrics=names)
    assert all(one.value == 0 and not one.worst and not one.best for one in same.changes)
