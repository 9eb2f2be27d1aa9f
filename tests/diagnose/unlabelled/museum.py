"""Visiting a museum and using its archive."""

from tests.diagnose.unlabelled._case import Case, Desk

DESK = Desk(
    name="museum",
    style="plain",
    documents={
        "hours": "The galleries are open from Tuesday to Sunday between ten and six, on Thursdays until nine. On Mondays and on "
        "24 December the house stays shut.",
        "tickets": "Admission is 14 euros, reduced 9. The first Sunday of each month is free. Members bring a guest without "
        "charge.",
        "tours": "Public tours start at eleven and three in the entrance hall. Groups of more than ten people book a guide two "
        "weeks ahead for 95 euros.",
        "photo": "Private photography without flash and tripod is welcome in the permanent collection. In special exhibitions "
        "it is forbidden because the lenders do not agree.",
        "cloakroom": "Bags larger than a sheet of A4 go into the lockers. A one-euro coin is needed and comes back. Umbrellas "
        "are left in the stand.",
        "archive": "The archive opens to researchers on Wednesdays by appointment. Copies cost 40 cents a page. Letters written "
        "after 1950 may not be reproduced.",
        "loans": "Works on paper are lent for three months at most. The borrower insures them nail to nail and pays for the "
        "courier. Requests arrive a year before the opening.",
        "cafe": "The café in the courtyard serves lunch until half past two. Its terrace can be hired for weddings on summer "
        "evenings.",
        "access": "All floors are reached by lift. Folding stools and two wheelchairs can be borrowed at the desk. Assistance "
        "dogs are admitted.",
        "history": "The building was designed by Adele Norrback and completed in 1911. A fire in 1944 destroyed its eastern "
        "wing, which was rebuilt in concrete twelve years later.",
    },
    cases=(
        Case(
            kind="miss",
            question="Who was the architect of the building?",
            answer="The museum was designed by Adele Norrback.",
            pool="tours access hours cafe tickets",
            ranked="tours access hours",
            sent="tours access hours",
        ),
        Case(
            kind="ranked_out",
            question="Are visitors allowed to take pictures in special exhibitions?",
            answer="No, it is forbidden in special exhibitions because the lenders do not agree.",
            pool="photo tickets tours loans cloakroom",
            ranked="tickets tours loans",
            sent="tickets tours loans",
        ),
        Case(
            kind="truncated",
            question="Until what time can one visit on a Thursday?",
            answer="The documents do not state the Thursday opening hours.",
            pool="hours tickets tours archive",
            ranked="hours tickets archive",
            sent="tickets archive",
        ),
        Case(
            kind="ignored",
            question="May a letter from 1962 be copied?",
            answer="Copies cost 40 cents a page.",
            pool="archive loans photo history",
            ranked="archive loans photo",
            sent="archive loans photo",
        ),
        Case(
            kind="clean",
            question="When was the east wing rebuilt after the fire?",
            answer="It was rebuilt in concrete in 1956, twelve years after the fire of 1944.",
            pool="history archive hours access",
            ranked="history hours archive",
            sent="history hours archive",
        ),
        Case(
            kind="clean",
            question="Is there a day without an entrance fee?",
            answer="Yes, the first Sunday of each month is free.",
            pool="tickets hours tours cloakroom",
            ranked="tickets hours tours",
            sent="tickets hours tours",
        ),
    ),
)
