"""``nli`` (extra): a local cross-encoder, premise -> hypothesis, from a folder in Hugging Face layout.

``config.json``, ``tokenizer.json`` and ``model.onnx`` (onnxruntime), or ``model.safetensors`` where torch and transformers
are installed. Nothing is downloaded, no code or pickle of the folder runs.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from traceeval.errors import ConfigError, MissingExtra
from traceeval.judge._judges import Judges
from traceeval.measures.claims import claims_of
from traceeval.measures.support import Context, features_of
from traceeval.model import Claim, ClaimVerdict, Edge, Outcome, Passage
from traceeval.registry import checker

CUT = 0.5
BAND = 0.15
AROUND = 1  # sentences before and after one of the best, in one window

Logits = Callable[[str, str], Sequence[float]]


@dataclass(frozen=True, slots=True)
class Window:
    """A premise: some sentences of one passage."""

    passage: Passage
    span: tuple[int, int]

    @property
    def text(self) -> str:
        """The premise."""
        return self.passage.text[self.span[0] : self.span[1]]


@dataclass(frozen=True, slots=True)
class Labels:
    """Where the model's config puts its labels. ``contradiction`` None: a two-label consistency model."""

    entailment: int
    contradiction: int | None

    @classmethod
    def read(cls, folder: Path) -> Labels:
        """Labels by their names in ``id2label``, never by a fixed place.

        Raises:
            ConfigError: no config, or no label that says entailment.
        """
        try:
            named = json.loads((folder / "config.json").read_text(encoding="utf-8"))["id2label"]
            places = {str(label).lower().replace("_", " "): int(place) for place, label in named.items()}
        except (OSError, ValueError, KeyError, AttributeError) as error:
            raise ConfigError(f"{folder}/config.json: no id2label ({type(error).__name__})") from error
        entails = [places[name] for name in ("entailment", "entailed", "consistent", "supported") if name in places]
        if not entails:
            raise ConfigError(f"{folder}/config.json: none of {', '.join(places)} says entailment")
        against = [places[name] for name in ("contradiction", "contradicted") if name in places]
        return cls(entails[0], against[0] if against else None)


class NliChecker:
    """p is the highest entailment over windows of evidence; a model without that label never says contradicted."""

    def __init__(self, folder: Path) -> None:
        self._labels = Labels.read(folder)
        self._logits, weights = _load(folder)
        self._lock = threading.Lock()
        self.id = f"nli@{_digest(weights)}"
        self.can = frozenset({"edges"} if self._labels.contradiction is None else {"edges", "contradiction"})

    def check(self, claims: Sequence[Claim], passages: Sequence[Passage]) -> Sequence[ClaimVerdict]:
        """A verdict for every claim."""
        context = Context([passage.text for passage in passages])
        with self._lock:
            return [self._one(claim, context, passages) for claim in claims]

    def _one(self, claim: Claim, context: Context, passages: Sequence[Passage]) -> ClaimVerdict:
        windows = list(_windows(claim, context, passages))
        if not windows:
            code = "no_evidence" if len(context) else "no_context"
            return ClaimVerdict(
                claim=claim, outcome="defer" if len(context) else "unsupported", codes=(code,), by=self.id
            )
        scored = [(self._shares(window.text, claim.text), window) for window in windows]
        (p, _), best = max(scored, key=lambda one: one[0][0])
        denied = [(share, window) for share, window in scored if share[1] >= 0.5 and share[0] < 0.5]
        outcome, codes = _outcome(p, against=bool(denied) and p < CUT)
        relation, window = ("contradicts", denied[0][1]) if outcome == "contradicted" else ("supports", best)
        edge = Edge(
            passage=window.passage.id,
            span=window.span,
            relation="contradicts" if relation == "contradicts" else "supports",
            weight=round(p, 6),
            quote=window.text,
        )
        shown = (edge,) if outcome in ("supported", "contradicted") else ()
        return ClaimVerdict(claim=claim, outcome=outcome, p=p, codes=codes, edges=shown, by=self.id)

    def _shares(self, premise: str, claim: str) -> tuple[float, float]:
        """(entailment, contradiction) of softmax over the labels."""
        import numpy as np

        logits = np.asarray(self._logits(premise, claim), dtype=float)
        shares = np.exp(logits - logits.max())
        shares /= shares.sum()
        at = self._labels.contradiction
        return float(shares[self._labels.entailment]), float(shares[at]) if at is not None else 0.0


def _outcome(p: float, *, against: bool) -> tuple[Outcome, tuple[str, ...]]:
    if against:
        return "contradicted", ()
    if abs(p - CUT) < BAND:
        return "defer", ("uncertain",)
    return ("supported" if p >= CUT else "unsupported"), ()


def _windows(claim: Claim, context: Context, passages: Sequence[Passage]) -> Iterator[Window]:
    """The best sentences for the claim, each with its neighbours in the same passage."""
    best = {at for s in claims_of(claim.text) for at in features_of(s.tokens, s.text, context).evidence}
    for at in sorted(best):
        own = context.passage_of(at)
        near = range(max(at - AROUND, 0), min(at + AROUND + 1, len(context)))
        found = [context.sentences[one] for one in near if context.passage_of(one) == own]
        yield Window(passages[own], (found[0].start, found[-1].end))


def _load(folder: Path) -> tuple[Logits, Path]:
    if (folder / "model.onnx").is_file():
        return _onnx(folder), folder / "model.onnx"
    if (folder / "model.safetensors").is_file():
        return _torch(folder), folder / "model.safetensors"
    raise ConfigError(f"{folder}: neither model.onnx nor model.safetensors; name a folder in Hugging Face layout")


def _onnx(folder: Path) -> Logits:
    try:
        import numpy as np
        import onnxruntime
        from tokenizers import Tokenizer
    except ImportError as error:
        raise MissingExtra(f"checker nli needs {error.name}; pip install 'traceeval[nli]'") from error
    if not (folder / "tokenizer.json").is_file():
        raise ConfigError(f"{folder}: no tokenizer.json")
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.enable_truncation(_longest(folder), strategy="only_first")
    session = onnxruntime.InferenceSession(str(folder / "model.onnx"), providers=onnxruntime.get_available_providers())
    wanted = [one.name for one in session.get_inputs()]

    def logits(premise: str, claim: str) -> Sequence[float]:
        encoded = tokenizer.encode(premise, claim)
        columns = {
            "input_ids": encoded.ids,
            "attention_mask": encoded.attention_mask,
            "token_type_ids": encoded.type_ids,
        }
        feed: dict[str, Any] = {name: np.asarray([columns[name]], dtype=np.int64) for name in wanted}
        found: Sequence[float] = session.run(None, feed)[0][0].tolist()
        return found

    return logits


def _torch(folder: Path) -> Logits:
    try:
        import torch
        from transformers import AutoModelForSequenceClassification, AutoTokenizer
    except ImportError as error:
        raise MissingExtra(
            f"model.safetensors needs {error.name}; pip install torch transformers, or export ONNX"
        ) from error
    safe = {"local_files_only": True, "trust_remote_code": False}
    tokenizer = AutoTokenizer.from_pretrained(folder, **safe)
    model = AutoModelForSequenceClassification.from_pretrained(folder, use_safetensors=True, **safe).eval()
    device = "cuda" if torch.cuda.is_available() else "cpu"
    model.to(device)

    def logits(premise: str, claim: str) -> Sequence[float]:
        row = tokenizer(premise, claim, truncation="only_first", max_length=_longest(folder), return_tensors="pt")
        with torch.inference_mode():
            found: Sequence[float] = model(**row.to(device)).logits[0].tolist()
        return found

    return logits


def _longest(folder: Path) -> int:
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    return min(int(config.get("max_position_embeddings", 512)), 512)


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()[:12]


@checker("nli")
def nli(judges: Judges, *, path: str = "") -> NliChecker:
    """A local cross-encoder; ``path`` is its folder."""
    if not path or not Path(path).is_dir():
        raise ConfigError(f"checker nli needs a folder: --checker nli:path=DIR ({path!r} is none)")
    return NliChecker(Path(path))
