"""Asks a judge for its verdicts on what people settled: plainly, and again under every probe (metrics.md section 14).

The rows that come out are those a judge is measured by. It measures nothing and writes nothing; a reply that cannot be read
becomes a row without a verdict, and a question nobody answered becomes no row.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import msgspec

from traceeval.judge._endpoint import Endpoint
from traceeval.judge._judges import Judges
from traceeval.judge._parsed import parsed
from traceeval.judge._request import Prompt, Reply, Request, load_prompt
from traceeval.judge._shown import OPINION, SHOWN, Shown
from traceeval.model import JudgeRow, PeopleRow, Preference

AHEAD = 4  # times the concurrency: questions begun and not yet told
PROMPT, REWORDED = "verdict", "verdict_reworded"
ASKED: Mapping[str, tuple[str, ...]] = {
    "position": ("swapped",),
    "length": ("padded",),
    "refusal": ("refused",),
    "injection": ("injected",),
    "framing": (OPINION,),
}
"""What a report calls a probe -> what is asked for it; framing also asks under every other wording of the prompt."""
Key = tuple[str, str, str]  # subject, criterion, probe


class _Preferred(msgspec.Struct, frozen=True):
    preference: Literal["first", "second", "tie", "both_bad"]


class _Marked(msgspec.Struct, frozen=True):
    mark: Annotated[int, msgspec.Meta(ge=1, le=5)]


def _schema(name: str, value: dict[str, Any]) -> str:
    found = {"type": "object", "properties": {name: value}, "required": [name], "additionalProperties": False}
    return json.dumps(found, sort_keys=True)


_PREFERRED = _schema("preference", {"type": "string", "enum": ["first", "second", "tie", "both_bad"]})
_MARKED = _schema("mark", {"type": "integer", "enum": [1, 2, 3, 4, 5]})


@dataclass(frozen=True, slots=True)
class Wordings:
    """The judge's prompt, and the same in other words by name."""

    plain: Prompt
    others: Mapping[str, Prompt]


def own_wordings() -> Wordings:
    """The prompt that ships, and its other wording."""
    return Wordings(load_prompt(PROMPT), {"reworded": load_prompt(REWORDED)})


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to be judged under one probe; an empty ``probe`` is the plain question. ``row`` is what people settled."""

    row: PeopleRow
    probe: str
    prompt: Prompt
    shown: Shown

    @property
    def key(self) -> Key:
        """What a row of verdicts is found by."""
        return self.row.subject, self.row.criterion, self.probe

    def request(self) -> Request:
        """What is sent; all of it is data of strangers but the prompt."""
        data: dict[str, Any] = {"question": self.shown.question, "outputs": self.shown.outputs}
        if self.row.criterion:
            data["criterion"] = self.row.criterion
        schema = _PREFERRED if len(self.shown.outputs) == 2 else _MARKED
        return Request(prompt=self.prompt, data=json.dumps(data, ensure_ascii=False), schema=schema)

    def verdict(self, text: str) -> tuple[int | None, Preference | None]:
        """(mark, preference) of a reply; neither where it cannot be read. The preference names the output, not the place."""
        if len(self.shown.outputs) == 1:
            marked = parsed(text, _Marked)
            return (None if marked is None else marked.mark), None
        preferred = parsed(text, _Preferred)
        if preferred is None:
            return None, None
        first, second = _PLACES[self.probe == "swapped"]
        said: Mapping[str, Preference] = {"first": first, "second": second, "tie": "tie", "both_bad": "both_bad"}
        return None, said[preferred.preference]


_PLACES: Mapping[bool, tuple[Preference, Preference]] = {False: ("a", "b"), True: ("b", "a")}


def questions(rows: Sequence[PeopleRow], wordings: Wordings, probes: Iterable[str]) -> Iterator[Question]:
    """All that is to be asked: each thing plainly first, then under each of ``probes`` (keys of ``ASKED``) it can be under.

    Both orders need a pair; a refusal needs people's word on it, a row of the same subject and criterion whose ``probe`` is
    ``refused``. That row shows its own outputs where it has any.
    """
    wanted = [name for probe in ASKED if probe in set(probes) for name in ASKED[probe]]
    others = wordings.others if "framing" in set(probes) else {}
    refusals = {(row.subject, row.criterion): row for row in rows if row.probe == "refused"}
    for row in rows:
        if row.probe:
            continue
        refusal = refusals.get((row.subject, row.criterion))
        for probe in ("", *wanted):
            if (probe == "swapped" and len(row.outputs) != 2) or (probe == "refused" and refusal is None):
                continue
            yield Question(row, probe, wordings.plain, _shown(row, probe, refusal))
        for name, prompt in others.items():
            yield Question(row, f"framed:{name}", prompt, SHOWN[""](row))


def _shown(row: PeopleRow, probe: str, refusal: PeopleRow | None) -> Shown:
    if probe == "refused" and refusal is not None and refusal.outputs:
        return Shown(row.question, refusal.outputs)
    return SHOWN[probe](row)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """Who is asked: a model behind an OpenAI-compatible address; ``family``: whose model it is, None: not said."""

    model: str
    base_url: str
    prompt: Prompt
    family: str | None = None


def ask(asked: Iterable[Question], judge: Judge, judges: Judges) -> Iterator[JudgeRow | str]:
    """A row for every answer, as answers come; the code of what failed for a question without one (``budget``, ...).

    Raises:
        ConfigError: no key for the hosted endpoint, an unknown price under a budget, an unwritable cache.
    """
    endpoint = judges.endpoint(judge.model, judge.base_url.rstrip("/"))
    begun: dict[Future[Reply], Question] = {}
    for question in asked:
        begun[judges.submit(_one(endpoint, question))] = question
        if len(begun) >= AHEAD * judges.settings.concurrency:
            yield from _done(begun, judge, judges)
    while begun:
        yield from _done(begun, judge, judges)


async def _one(endpoint: Endpoint, question: Question) -> Reply:
    return (await endpoint.answer((question.request(),)))[0]


def _done(begun: dict[Future[Reply], Question], judge: Judge, judges: Judges) -> Iterator[JudgeRow | str]:
    """Wait for one at least, and take out all that are answered."""
    for future in wait(begun, return_when=FIRST_COMPLETED).done:
        question, reply = begun.pop(future), future.result()
        yield reply.failed if reply.text is None else _row(question, reply, judge, judges)


def _row(question: Question, reply: Reply, judge: Judge, judges: Judges) -> JudgeRow:
    mark, preference = question.verdict(reply.text or "")
    return JudgeRow(
        judge=judge.model,
        prompt=judge.prompt.sha,
        rubric=question.row.rubric,
        family=judge.family,
        subject=question.row.subject,
        criterion=question.row.criterion,
        probe=question.probe,
        mark=mark,
        preference=preference,
        usd=judges.budget.price(judge.model, reply),
    )
