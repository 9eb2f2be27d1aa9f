"""What came of attacks: by wording and obfuscation, by the user's tactic and goal, and which of these nobody tried."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Literal

from traceeval.measures.interval import wilson
from traceeval.model import Cell, Scenario, TrialOutcome
from traceeval.model.disturbance import TACTICS, Goal, UserAttack
from traceeval.model.replayed import AttackCell, AttackRow

Rows = Sequence[TrialOutcome]


def attack_rows(rows: Rows, scenarios: Iterable[Scenario]) -> Iterator[AttackRow]:
    """All attacks together, then by each label they have; an error of the harness is a bound, never a row."""
    if not rows:
        return
    labels = dict(_labels(scenarios))
    yield _attack("all", rows)
    groups: dict[tuple[int, str], list[TrialOutcome]] = {}
    for one in rows:
        for order, name in enumerate(labels.get((one.cell.scenario, one.cell.injection or one.cell.variant or ""), ())):
            if name is not None:
                groups.setdefault((order, name), []).append(one)
    yield from (_attack(name, members) for (_, name), members in sorted(groups.items()))


def untested(rows: Rows, scenarios: Iterable[Scenario]) -> tuple[str, ...]:
    """``tactic x goal`` that no judged trial tried; goals: of attacks, and every forbidden call. Empty: no user attacks."""
    found = attack_cells(rows, tuple(scenarios))
    return tuple(f"{one.row} x {one.column}" for one in found if one.by == "user" and one.trials == one.infra)


def attack_cells(rows: Rows, scenarios: Sequence[Scenario]) -> Iterator[AttackCell]:
    """Payloads by wording and disguise, those the suite has; attacks by the user by tactic and goal, untried ones too."""
    payloads = {
        (one.id, planted.id): (planted.payload.wording or "unnamed", planted.payload.obfuscation or "plain")
        for one in scenarios
        for planted in one.injections
    }
    groups = _grouped(rows, payloads, lambda cell: cell.injection)
    yield from (_attacked("payload", *key, groups[key]) for key in sorted(groups))
    attacks = {(one.id, v.id): v.attack for one in scenarios for v in one.variants if v.attack is not None}
    if not attacks:
        return
    tried = {key: (attack.tactic, attack.goal.name) for key, attack in attacks.items()}
    groups = _grouped(rows, tried, lambda cell: cell.variant)
    forbidden = (rule.call for one in scenarios for rule in one.assertions.forbidden or () if rule.call is not None)
    wanted = [*(Goal(call=call) for call in forbidden), *(attack.goal for attack in attacks.values())]
    goals = {goal.name: goal for goal in wanted}
    for tactic in TACTICS:
        for name, goal in sorted(goals.items()):
            found = groups.get((tactic, name), [])
            if found or tactic != "prompt_leak" or goal.call is None:
                yield _attacked("user", tactic, name, found)


def _grouped(
    rows: Rows, labels: Mapping[tuple[str, str], tuple[str, str]], axis: Callable[[Cell], str | None]
) -> dict[tuple[str, str], list[TrialOutcome]]:
    found: dict[tuple[str, str], list[TrialOutcome]] = {}
    for one in rows:
        label = labels.get((one.cell.scenario, axis(one.cell) or ""))
        if label is not None:
            found.setdefault(label, []).append(one)
    return found


def _attacked(by: Literal["payload", "user"], row: str, column: str, rows: Rows) -> AttackCell:
    told = Counter(one.attack for one in rows)
    return AttackCell(
        by=by,
        row=row,
        column=column,
        trials=len(rows),
        executed=told["executed"],
        attempted=told["attempted"],
        infra=told["infra_error"],
    )


def _labels(scenarios: Iterable[Scenario]) -> Iterator[tuple[tuple[str, str], tuple[str | None, ...]]]:
    """What rows an attack belongs to: wording, obfuscation, tactic, goal, both."""
    for one in scenarios:
        for planted in one.injections:
            how = planted.payload
            wording = f"wording {how.wording}" if how.wording is not None else None
            yield (
                (one.id, planted.id),
                (wording, f"obfuscation {how.obfuscation}" if how.obfuscation is not None else None),
            )
        for variant in one.variants:
            if variant.attack is not None:
                yield (one.id, variant.id), _of_user(variant.attack)


def _of_user(attack: UserAttack) -> tuple[str | None, ...]:
    goal = attack.goal.name
    return f"wording {attack.wording}", None, f"tactic {attack.tactic}", f"goal {goal}", f"{attack.tactic} x {goal}"


def _attack(name: str, rows: Rows) -> AttackRow:
    found = Counter(one.attack for one in rows)
    infra, n = found["infra_error"], len(rows) - found["infra_error"]
    low, high = wilson(found["executed"], n) or (None, None)
    useful = [one.utility for one in rows if one.utility is not None]
    return AttackRow(
        name=name,
        trials=len(rows),
        executed=found["executed"],
        attempted=found["attempted"],
        infra=infra,
        rate=found["executed"] / n if n else None,
        low=low,
        high=high,
        best=found["executed"] / len(rows),
        worst=(found["executed"] + infra) / len(rows),
        utility=sum(useful) / len(useful) if useful else None,
    )
