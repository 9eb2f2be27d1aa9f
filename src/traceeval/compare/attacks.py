"""What came of attacks: by wording and obfuscation, by the user's tactic and goal, and which of these nobody tried."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from traceeval.measures.interval import wilson
from traceeval.model import Scenario, TrialOutcome
from traceeval.model.disturbance import TACTICS, Goal, UserAttack
from traceeval.model.replayed import AttackRow

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
    known = tuple(scenarios)
    attacks = {(one.id, v.id): v.attack for one in known for v in one.variants if v.attack is not None}
    if not attacks:
        return ()
    forbidden = (rule.call for one in known for rule in one.assertions.forbidden or () if rule.call is not None)
    wanted = [*(Goal(call=call) for call in forbidden), *(attack.goal for attack in attacks.values())]
    goals = {goal.name: goal for goal in wanted}
    tried = {
        (attack.tactic, attack.goal.name)
        for one in rows
        if one.attack != "infra_error"
        and (attack := attacks.get((one.cell.scenario, one.cell.variant or ""))) is not None
    }
    return tuple(
        f"{tactic} x {name}"
        for tactic in TACTICS
        for name, goal in sorted(goals.items())
        if (tactic, name) not in tried and (tactic != "prompt_leak" or goal.call is None)
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
