"""One file a signal: what it needs, what it says, of which component. Each is three-valued: speaks, silent, unknown."""

from traceeval.diagnose._signals import (
    cut_short,
    ignored_context,
    lost_in_prompt,
    passed_over,
    ranked_out,
    rankers_disagree,
    told_by_lost,
    unmet_question,
)

SIGNALS = (
    unmet_question.sign,
    ranked_out.sign,
    rankers_disagree.sign,
    lost_in_prompt.sign,
    cut_short.sign,
    passed_over.sign,
    told_by_lost.sign,
    ignored_context.sign,
)

__all__ = ["SIGNALS"]
