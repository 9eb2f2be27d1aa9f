"""Whether an answer only says that it cannot answer."""

from __future__ import annotations

import re

_REFUSES = re.compile(
    r"\b(?:i (?:do not|don't|don’t) (?:know|have (?:enough |any |that |this |the )?(?:information|data|context|details))|"
    r"i (?:cannot|can't|can’t|could not|couldn't|couldn’t|am unable to|was unable to|am not able to) "
    r"(?:find|answer|help|locate|determine|tell|provide|assist|confirm|verify)|"
    r"(?:there is|there's) no (?:information|mention|answer)|no (?:relevant )?information (?:is|was) (?:available|found)|"
    r"(?:is|are|was|were) not (?:mentioned|stated|specified|covered|contained|provided|described|given) in (?:the|my|our)|"
    r"(?:does not|do not|doesn't|don't) (?:contain|mention|say|state|cover|provide|include) (?:any |the |this |that |enough )*"
    r"(?:information|answer|details?|anything)|not enough (?:information|context)|unanswerable|cannot be answered|"
    r"(?:documents|documentation|context|knowledge base|sources?|passages?) (?:do|does)(?: not|n't) "
    r"(?:say|mention|contain|cover|state|answer|tell))",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"(?:ich weiß (?:es )?nicht|keine informationen|je ne sais pas|aucune information|no lo sé|no (?:tengo|hay) información|"
    r"non lo so|nessuna informazione|não sei|não há informaç|ik weet het niet|geen informatie|jag vet inte|"
    r"わかりません|情報がありません|不知道|没有(?:相关)?信息|無法回答|모르겠습니다|정보가 없습니다|не знаю|нет информации)",
    re.IGNORECASE,
)


def refuses(sentence: str) -> bool:
    """Whether one sentence declines to answer, in one of a dozen languages."""
    return bool(_REFUSES.search(sentence) or _ELSEWHERE.search(sentence))
