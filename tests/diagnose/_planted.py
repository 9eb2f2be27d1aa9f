"""Planted maskings, each in words and a shape of its own, and for each a clean twin.

A case is one conversation. ``gold``: the document that should have been found. ``given``: what the prompt holds.
``twin``: what a pipeline without the fault would have put there. Nothing else differs between a case and its twin.
"""

from dataclasses import dataclass, field

from traceeval.model import Reference, Trace
from traceeval.testing import call, expect, model, rerank, retrieval, trace, user


@dataclass(frozen=True, kw_only=True)
class Case:
    """``said``: the user's words, the question where empty. ``tools`` run after the search, in order."""

    id: str
    question: str
    answer: str
    gold: tuple[str, str]
    right: tuple[str, ...] = ()
    claims: tuple[str, ...] | None = None
    given: tuple[tuple[str, str], ...] = ()
    said: str = ""
    tools: tuple[tuple[str, dict, str], ...] = ()
    calls: tuple | None = None
    reranked: bool = False
    twin_answer: str = ""
    component: str = "retriever"
    compensator: str | None = None
    instead: str | None = None
    twin_tools: tuple[tuple[str, dict, str], ...] | None = field(default=None)

    def planted(self) -> Trace:
        """The conversation with its fault."""
        return self._trace(self.given, self.answer, self.said or self.question, self.tools, self.id)

    def twin(self) -> Trace:
        """The same without it: the gold document is found and used."""
        given = (self.gold, *(one for one in self.given if one[0] != self.gold[0]))
        tools = self.tools if self.twin_tools is None else self.twin_tools
        return self._trace(given, self.twin_answer or self.answer, self.question, tools, f"{self.id}-clean")

    def _trace(self, given, answer, said, tools, id_) -> Trace:
        found = rerank(given[::-1], given) if self.reranked else None
        prompt = "Use the notes.\n" + "\n".join(f"[{doc}] {text}" for doc, text in given)
        messages = [("system", prompt), ("user", said)]
        spans = [user(said), retrieval(*given, query=self.question), *([found] if found else [])]
        spans += [call(name, arguments, result) for name, arguments, result in tools]
        reference = Reference(
            documents={self.gold[0]: 1}, answer=self.right or None, claims=self.claims, calls=self.calls
        )
        return trace(
            *spans,
            model(answer, prompt=messages),
            id=id_,
            question=self.question,
            answer=answer,
            reference=reference,
        )


OTHER_CHUNK = [
    Case(
        id="check-in",
        question="From when can guests check in at the Harbour Hotel?",
        answer="Guests of the Harbour Hotel can check in from 3 pm.",
        gold=("faq-12", "At the Harbour Hotel guests can check in from 3 pm and have to leave by 11 am."),
        right=("3 pm",),
        given=(("blog-3", "We loved the Harbour Hotel! You can check in from 3 pm, and the bar is great."),
               ("map", "The Harbour Hotel is next to the ferry.")),
        compensator="other_chunk",
        twin_answer="At the Harbour Hotel guests can check in from 3 pm.",
    ),
    Case(
        id="dose",
        question="What is the highest daily dose of Relaxin for adults?",
        answer="Adults may take at most 40 mg of Relaxin a day.",
        gold=("leaflet#4", "The highest daily dose of Relaxin for adults is 40 mg."),
        right=("40 mg",),
        given=(("forum-88", "My doctor told me adults may take at most 40 mg of Relaxin a day, split over two meals."),
               ("leaflet#1", "Relaxin is a muscle relaxant sold in tablets.")),
        reranked=True,
        compensator="other_chunk",
        twin_answer="The highest daily dose of Relaxin for adults is 40 mg.",
    ),
    Case(
        id="merger",
        question="Who merged with Orbit Foods, and when was the merger completed?",
        answer="Orbit Foods merged with Kelp Brands. The merger was completed on 1 March 2021.",
        gold=("10-K", "Orbit Foods merged with Kelp Brands; the merger was completed on 1 March 2021."),
        claims=("Orbit Foods merged with Kelp Brands.", "The merger was completed on 1 March 2021."),
        given=(("press", "The merger was completed on 1 March 2021, a spokesman said."),
               ("wire", "In a surprise move, Orbit Foods merged with Kelp Brands.")),
        compensator="other_chunk",
    ),
    Case(
        id="final",
        question="When was the cup final between Leeds and Porto played?",
        answer="The cup final between Leeds and Porto was played on 9 June 1987.",
        gold=("almanac", "The cup final between Leeds and Porto was played on 9 June 1987 before 60,000 people."),
        right=("9 June 1987",),
        given=(("obituary", "He refereed the cup final between Leeds and Porto on 1987-06-09, his last match."),),
        compensator="other_chunk",
    ),
    Case(
        id="parking",
        question="Is parking free for visitors of the clinic?",
        answer="Yes, parking is free for visitors of the clinic.",
        gold=("visitors", "Parking is free for visitors of the clinic during opening hours."),
        right=("yes",),
        given=(("staff-handbook", "Parking is free for visitors and staff of the clinic."),
               ("menu", "The canteen serves lunch from noon.")),
        compensator="other_chunk",
    ),
]  # fmt: skip

LATER_TOOL = [
    Case(
        id="stock",
        question="How many Breva vacuums are in stock?",
        answer="There are 17 Breva vacuums in stock.",
        gold=("inventory", "There are 17 Breva vacuums in stock."),
        right=("17",),
        given=(("ad", "The Breva vacuum is light and strong."),),
        tools=(("stock_level", {"sku": "breva"}, "Breva vacuums in stock: 17"),),
        compensator="later_tool",
        twin_tools=(),
    ),
    Case(
        id="flight",
        question="At which gate does flight NX204 board?",
        answer="Flight NX204 boards at gate B22.",
        gold=("board", "Flight NX204 boards at gate B22."),
        right=("gate B22",),
        given=(("rules", "Passengers have to be at their gate 30 minutes before departure."),),
        tools=(("flight_status", {"flight": "NX204"}, '{"flight": "NX204", "boards": "gate B22", "delay": 0}'),),
        compensator="later_tool",
        twin_tools=(),
    ),
    Case(
        id="rate",
        question="What was the euro worth in dollars on 2 May 2023?",
        answer="On 2 May 2023 the euro was worth 1.0973 dollars.",
        gold=("ecb", "On 2 May 2023 the euro was worth 1.0973 dollars."),
        right=("1.0973 dollars",),
        given=(),
        tools=(("fx", {"pair": "EURUSD", "day": "2023-05-02"}, "EURUSD on 2 May 2023: the euro was worth 1.0973 dollars."),),
        compensator="later_tool",
        twin_tools=(),
    ),
    Case(
        id="balance",
        question="What is the balance of account 4711?",
        answer="The balance of account 4711 is 812.40 euros.",
        gold=("terms", "Balances are shown in the app."),
        right=("812.40 euros",),
        given=(("terms", "Balances are shown in the app."),),
        tools=(("get_balance", {"account": "4117"}, "no such account"),
               ("list_accounts", {}, "account 4711: balance 812.40 euros")),
        calls=(expect("get_balance", {"account": "4711"}),),
        component="tool",
        compensator="later_tool",
        twin_tools=(("get_balance", {"account": "4711"}, "balance of account 4711 is 812.40 euros"),),
    ),
    Case(
        id="weather",
        question="How warm will it be in Tromsø tomorrow?",
        answer="It will be 4 degrees in Tromsø tomorrow.",
        gold=("about", "Forecasts are made twice a day."),
        right=("4 degrees",),
        given=(("about", "Forecasts are made twice a day."),),
        tools=(("forecast", {"place": "Tromso", "day": "today"}, "place not found"),
               ("web_search", {"query": "Tromsø weather tomorrow"}, "Tromsø tomorrow: cloudy, 4 degrees")),
        calls=(expect("forecast", {"place": "Tromsø", "day": "tomorrow"}),),
        component="tool",
        compensator="later_tool",
        twin_tools=(("forecast", {"place": "Tromsø", "day": "tomorrow"}, "in Tromsø tomorrow it will be 4 degrees"),),
    ),
]  # fmt: skip

USER = [
    Case(
        id="flat",
        question="How large is my flat according to the lease?",
        said="The agent told me the flat measures 64 square metres. How large is my flat according to the lease?",
        answer="Your flat measures 64 square metres.",
        gold=("lease#2", "The flat measures 64 square metres and has two rooms."),
        right=("64 square metres",),
        given=(("lease#9", "Pets need the consent of the landlord."),),
        compensator="user",
        twin_answer="The flat measures 64 square metres.",
    ),
    Case(
        id="author",
        question="Who wrote The Glass Orchard?",
        said="I think Mira Sandoval wrote The Glass Orchard, but please check: who wrote The Glass Orchard?",
        answer="Mira Sandoval wrote The Glass Orchard.",
        gold=("catalogue", "Mira Sandoval wrote The Glass Orchard in 2004."),
        right=("Mira Sandoval",),
        given=(("shelf", "Novels stand on the second floor of the library."),),
        compensator="user",
    ),
    Case(
        id="invoice",
        question="When is invoice 2291 due?",
        said="Invoice 2291 says it is due on 14 July 2024. When is invoice 2291 due?",
        answer="Invoice 2291 is due on 14 July 2024.",
        gold=("ledger", "Invoice 2291 is due on 14 July 2024."),
        right=("14 July 2024",),
        given=(),
        compensator="user",
    ),
    Case(
        id="boiler",
        question="What does code F75 on the boiler mean?",
        said="Code F75 on my boiler means that the pressure sensor is faulty, says my neighbour. What does code F75 on the boiler mean?",
        answer="Code F75 on the boiler means that the pressure sensor is faulty.",
        gold=("manual-boiler", "Code F75 on the boiler means that the pressure sensor is faulty."),
        right=("Code F75 means that the pressure sensor of the boiler is faulty.",),
        given=(("manual-oven", "Clean the oven with a soft cloth."),),
        compensator="user",
    ),
    Case(
        id="recipe",
        question="How much sugar goes into the plum cake?",
        said="Grandma's card says 180 g of sugar. How much sugar goes into the plum cake?",
        answer="The plum cake needs 180 g of sugar.",
        gold=("cookbook", "The plum cake needs 180 g of sugar and 250 g of flour."),
        right=("180 g",),
        given=(("cookbook-apple", "Peel the apples and cut them into slices."),),
        compensator="user",
    ),
]  # fmt: skip

PARAMETRIC = [
    Case(
        id="nile",
        question="How long is the Nile?",
        answer="The Nile is 6650 km long.",
        gold=("rivers", "The Nile is 6650 km long."),
        right=("6650 km", "6,650 kilometres"),
        compensator="parametric",
        instead="no_context",
    ),
    Case(
        id="gold-symbol",
        question="Which chemical symbol does gold have?",
        answer="Gold has the chemical symbol Au.",
        gold=("elements", "Gold has the chemical symbol Au and the atomic number 79."),
        right=("Au",),
        compensator="parametric",
        instead="no_context",
    ),
    Case(
        id="everest",
        question="Who first climbed Mount Everest, and in which year?",
        answer="Edmund Hillary and Tenzing Norgay first climbed Mount Everest in 1953.",
        gold=("peaks", "Edmund Hillary and Tenzing Norgay first climbed Mount Everest in 1953."),
        claims=("Edmund Hillary and Tenzing Norgay first climbed Mount Everest.", "Mount Everest was first climbed in 1953."),
        compensator="parametric",
        instead="no_context",
    ),
    Case(
        id="leap",
        question="Was the year 1900 a leap year?",
        answer="No, the year 1900 was not a leap year.",
        gold=("calendar", "The year 1900 was not a leap year, since it is divisible by 100 but not by 400."),
        right=("no",),
        compensator="parametric",
        instead="no_context",
    ),
    Case(
        id="treaty",
        question="When was the treaty of Rome signed?",
        answer="The treaty of Rome was signed on 25 March 1957.",
        gold=("eu", "The treaty of Rome was signed on 25 March 1957 by six states."),
        right=("25 March 1957",),
        compensator="parametric",
        instead="no_context",
    ),
]  # fmt: skip

IRRELEVANT = [
    Case(
        id="boiling",
        question="At what temperature does ethanol boil?",
        answer="Ethanol boils at 78 degrees Celsius.",
        gold=("chem-3", "Ethanol boils at 78 degrees Celsius."),
        right=("78 degrees",),
        given=(("chem-9", "Methanol is poisonous even in small amounts."), ("safety", "Wear goggles in the laboratory.")),
        compensator="parametric",
        instead="irrelevant_context",
    ),
    Case(
        id="painter",
        question="Who painted The Night Watch?",
        answer="Rembrandt painted The Night Watch.",
        gold=("gallery-2", "Rembrandt painted The Night Watch in 1642."),
        right=("Rembrandt",),
        given=(("gallery-7", "The museum shop sells postcards and umbrellas."),),
        compensator="parametric",
        instead="irrelevant_context",
    ),
    Case(
        id="vat",
        question="Which rate of value added tax applies to books in Germany?",
        answer="A rate of 7 percent applies to books in Germany.",
        gold=("tax-de", "In Germany a value added tax rate of 7 percent applies to books."),
        right=("7 percent", "7 %"),
        given=(("tax-form", "The return has to be filed online."), ("tax-office", "The office is closed on Fridays.")),
        reranked=True,
        compensator="parametric",
        instead="irrelevant_context",
    ),
    Case(
        id="python",
        question="Is Python an interpreted language?",
        answer="Yes, Python is an interpreted language.",
        gold=("docs-py", "Python is an interpreted language with dynamic types."),
        right=("yes",),
        given=(("docs-git", "A branch is a pointer to a commit."),),
        compensator="parametric",
        instead="irrelevant_context",
    ),
    Case(
        id="ports",
        question="Which ports do HTTP and HTTPS use by default?",
        answer="HTTP uses port 80 by default. HTTPS uses port 443 by default.",
        gold=("net", "HTTP uses port 80 by default. HTTPS uses port 443 by default."),
        claims=("HTTP uses port 80 by default.", "HTTPS uses port 443 by default."),
        given=(("net-cable", "Cables longer than 100 metres lose too much signal."),),
        compensator="parametric",
        instead="irrelevant_context",
    ),
]  # fmt: skip

CONTRADICTING = [
    Case(
        id="moons",
        question="How many moons does Mars have?",
        answer="Mars has two moons.",
        gold=("nasa", "Mars has two moons, Phobos and Deimos."),
        right=("2", "two"),
        given=(("old-atlas", "Mars has three moons, according to this 1820 atlas."),),
        compensator="parametric",
        instead="contradicting_context",
    ),
    Case(
        id="capital",
        question="What is the capital of Australia?",
        answer="The capital of Australia is Canberra.",
        gold=("states", "The capital of Australia is Canberra."),
        right=("Canberra",),
        given=(("quiz", "The capital of Australia is Sydney."), ("zoo", "Koalas sleep twenty hours a day.")),
        compensator="parametric",
        instead="contradicting_context",
    ),
    Case(
        id="wall",
        question="In which year did the Berlin Wall fall?",
        answer="The Berlin Wall fell in 1989.",
        gold=("history", "The Berlin Wall fell in 1989."),
        right=("1989",),
        given=(("essay", "After the Berlin Wall fell in 1991, the city grew together."),),
        compensator="parametric",
        instead="contradicting_context",
    ),
    Case(
        id="tomato",
        question="Are tomatoes botanically fruits?",
        answer="Yes, tomatoes are botanically fruits.",
        gold=("botany", "Tomatoes are botanically fruits, since they grow from a flower."),
        right=("yes",),
        given=(("cookbook-t", "Tomatoes are not botanically fruits but vegetables."),),
        compensator="parametric",
        instead="contradicting_context",
    ),
    Case(
        id="antibiotics",
        question="Do antibiotics help against viruses?",
        answer="Antibiotics do not help against viruses.",
        gold=("who", "Antibiotics do not help against viruses."),
        right=("Antibiotics do not help against viruses.",),
        given=(("flyer", "Antibiotics help against viruses and make you feel better at once."),),
        reranked=True,
        compensator="parametric",
        instead="contradicting_context",
    ),
]  # fmt: skip

CARRIED = [
    Case(
        id="battery",
        question="How long does the battery of the Luma lamp last?",
        answer="The battery of the Luma lamp lasts 12 hours. It was awarded a design prize in Osaka in 2016.",
        gold=("luma", "The battery of the Luma lamp lasts 12 hours. The lamp weighs 300 g."),
        right=("12 hours",),
        given=(("luma", "The battery of the Luma lamp lasts 12 hours. The lamp weighs 300 g."),),
        component="generator",
        compensator="retrieval",
        twin_answer="The battery of the Luma lamp lasts 12 hours.",
    ),
    Case(
        id="hours",
        question="When does the registry open on Mondays?",
        answer="The registry opens at 8 am on Mondays. Appointments with Mrs Tanaka cost 45 euros.",
        gold=("registry", "The registry opens at 8 am on Mondays and at 10 am on other days."),
        right=("8 am",),
        given=(("registry", "The registry opens at 8 am on Mondays and at 10 am on other days."),
               ("parking", "Visitors can park behind the building.")),
        component="generator",
        compensator="retrieval",
        twin_answer="The registry opens at 8 am on Mondays.",
    ),
    Case(
        id="allergy",
        question="Does the soup contain nuts?",
        answer="No, the soup does not contain nuts. It was cooked by the chef Paolo Bertani for 90 minutes in red wine.",
        gold=("soup", "The soup does not contain nuts. It contains celery and milk."),
        right=("no",),
        given=(("soup", "The soup does not contain nuts. It contains celery and milk."),),
        component="generator",
        compensator="retrieval",
        twin_answer="No, the soup does not contain nuts.",
    ),
    Case(
        id="order",
        question="Where is order 5520 now?",
        answer="Order 5520 is in the depot in Ghent. It left Shenzhen on 3 February with the vessel Aurora.",
        gold=("help-orders", "Orders can be followed online."),
        right=("Ghent",),
        given=(("help-orders", "Orders can be followed online."),),
        tools=(("track", {"order": "5520"}, "Order 5520 is in the depot in Ghent."),),
        component="generator",
        compensator="tool",
        twin_answer="Order 5520 is in the depot in Ghent.",
    ),
    Case(
        id="founder",
        question="Who founded the Willow School?",
        answer="Ada Brennan founded the Willow School. Its 640 pupils come from 31 countries.",
        gold=("school", "Ada Brennan founded the Willow School in 1902 as a school for girls."),
        right=("Ada Brennan",),
        given=(("school", "Ada Brennan founded the Willow School in 1902 as a school for girls."),
               ("uniform", "The uniform is green.")),
        reranked=True,
        component="generator",
        compensator="retrieval",
        twin_answer="Ada Brennan founded the Willow School in 1902.",
    ),
]  # fmt: skip

KINDS = {
    "other_chunk": OTHER_CHUNK,
    "later_tool": LATER_TOOL,
    "user": USER,
    "parametric": PARAMETRIC,
    "irrelevant_context": IRRELEVANT,
    "contradicting_context": CONTRADICTING,
    "carried": CARRIED,
}
CASES = [case for cases in KINDS.values() for case in cases]
