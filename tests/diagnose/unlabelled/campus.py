"""Admissions and studies at a university."""

from tests.diagnose.unlabelled._case import Case, Desk

DESK = Desk(
    name="campus",
    style="plain",
    documents={
        "deadline": "Applications for the winter term close on 15 July, for the summer term on 15 January. Late applications "
        "are not considered.",
        "language": "Applicants for taught master's programmes show English at level C1. A TOEFL score of 95 or an IELTS of 7.0 "
        "is accepted. Certificates must not be older than two years.",
        "fees": "There are no tuition fees for a first degree. The semester contribution of 318 euros covers the student union "
        "and a ticket for local trains.",
        "housing": "The student union runs eleven halls of residence with 2,900 rooms. Waiting time is about three semesters. "
        "Rents start at 240 euros.",
        "exams": "A failed examination may be repeated twice. Registration for exams ends fourteen days before the date. "
        "Withdrawal is possible until three days before.",
        "thesis": "The master's thesis is written within six months. On request the board extends it once by eight weeks. It is "
        "handed in as a PDF and in two bound copies.",
        "library": "Books are lent for four weeks and renewed up to five times. Overdue items cost 50 cents a day each. The "
        "reading room is open around the clock.",
        "abroad": "A semester abroad is possible from the third semester. Partner universities charge no fees. Apply at the "
        "international office a year ahead.",
        "scholarship": "The merit scholarship pays 300 euros a month for two semesters. It can be renewed if the grade average "
        "stays at 1.5 or better.",
        "leave": "Students may take leave of absence for illness, a child or an internship, at most two semesters in a row. "
        "Exams cannot be taken meanwhile.",
    },
    cases=(
        Case(
            kind="miss",
            question="By when do I have to apply to begin in October?",
            answer="You have to apply by 30 September.",
            pool="abroad exams thesis leave scholarship",
            sent="abroad exams thesis",
        ),
        Case(
            kind="ranked_out",
            question="How much longer do I get if the board extends my thesis?",
            answer="The given passages do not say how long an extension is.",
            pool="exams thesis leave library abroad",
            ranked="exams library leave thesis abroad",
            sent="exams library leave",
        ),
        Case(
            kind="truncated",
            question="Which IELTS result do I need for a master's programme?",
            answer="Applicants show English at level C1, but the documents do not mention an IELTS result.",
            pool="language thesis deadline scholarship",
            ranked="language thesis scholarship",
            sent="language thesis",
            cut={"language": 70},
        ),
        Case(
            kind="ignored",
            question="What happens to my books if I return them too late?",
            answer="The reading room is open around the clock.",
            pool="library exams leave fees",
            sent="library exams leave",
        ),
        Case(
            kind="clean",
            question="What are the tuition fees for a bachelor's degree?",
            answer="A first degree is free of tuition fees; only the semester contribution of 318 euros is due.",
            pool="fees scholarship abroad housing",
            ranked="fees scholarship housing",
            sent="fees scholarship housing",
        ),
        Case(
            kind="clean",
            question="How often can I repeat an exam that I failed?",
            answer="Twice.",
            pool="exams leave thesis deadline",
            sent="exams leave thesis",
        ),
    ),
)
