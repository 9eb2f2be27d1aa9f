from traceeval.diagnose import maps_of, schemes
from traceeval.registry import Diagnosis, Registry

RULES = Registry("traceeval.diagnose", Diagnosis)


def test_every_rule_of_the_catalogue_has_a_counterpart_in_a_known_version():
    catalogue = [rule.name for rule in RULES.all() if rule.id is not None]
    assert len(catalogue) == 29
    for code in catalogue:
        found = maps_of(code)
        assert found, code
        assert all(one.version == schemes()[one.scheme].version for one in found)


def test_ids_carry_their_scheme_and_whether_anybody_checked_them():
    (repeat,) = [one for one in maps_of("planner.repeated_call") if one.scheme == "owasp-llm-2025"]
    assert (repeat.id, repeat.version, repeat.verified) == ("LLM10", "2025", True)
    assert not any(one.verified for one in maps_of("tool.duplicate_write"))


def test_what_no_taxonomy_knows_has_none():
    assert maps_of("retriever.missed_gold") == ()
