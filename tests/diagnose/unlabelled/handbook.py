"""The handbook for the people of a company."""

from tests.diagnose.unlabelled._case import Case, Desk

DESK = Desk(
    name="handbook",
    style="user",
    documents={
        "leave": "Full-time staff have 28 days of paid annual leave. Up to five unused days carry over and lapse at the end of "
        "March. Requests go through the portal at least two weeks ahead.",
        "sick": "Whoever falls ill informs the line manager before ten in the morning. A doctor's note is due from the fourth "
        "day of absence. Sick pay runs for six weeks at full salary.",
        "parental": "Either parent may stay at home for up to fourteen months after a birth or adoption. The job is kept open. "
        "Notice of seven weeks is required.",
        "remote": "Employees may work from home up to three days a week after their probation. Working from another country is "
        "limited to 20 days a year and needs approval by Tax.",
        "expenses": "Receipts are handed in within 60 days. Meals on business trips are refunded up to 38 euros a day. First "
        "class rail travel is paid only on journeys over four hours.",
        "probation": "The first six months are a trial period. During it either side may end the contract with two weeks' "
        "notice. A review takes place after three months.",
        "notice": "After probation the period of notice is three months to the end of a quarter. It grows to six months after "
        "ten years of service.",
        "training": "Every employee has a yearly learning budget of 1,200 euros and five days for courses. Unused money does "
        "not carry over. The team lead approves each course.",
        "laptop": "Laptops are replaced every four years. A lost device is reported to the service desk within an hour, day or "
        "night, so that it can be wiped.",
        "bonus": "The yearly bonus depends on company results and is paid with the April salary. People who joined after the "
        "first of October receive none for that year.",
    },
    cases=(
        Case(
            kind="miss",
            question="How soon must a stolen computer be reported?",
            answer="A doctor's note is due from the fourth day of absence.",
            pool="sick notice expenses remote leave",
            sent="sick notice expenses",
        ),
        Case(
            kind="ranked_out",
            question="How much may I spend on training each year?",
            answer="I don't have enough information to answer that.",
            pool="training expenses bonus leave probation",
            ranked="expenses bonus leave",
            sent="expenses bonus leave",
        ),
        Case(
            kind="truncated",
            question="Do holidays I did not take move over into the next year?",
            answer="I cannot tell from the context whether unused holidays move over.",
            pool="leave training bonus parental",
            ranked="leave training parental",
            sent="training parental",
        ),
        Case(
            kind="ignored",
            question="How many days per week can I work from home?",
            answer="Working from another country is limited to 20 days a year.",
            pool="remote leave probation training",
            sent="remote leave probation",
        ),
        Case(
            kind="clean",
            question="What is the notice period during the trial period?",
            answer="Two weeks, for either side.",
            pool="probation notice parental remote",
            sent="probation notice parental",
        ),
        Case(
            kind="clean",
            question="Is a bonus paid to someone who started in November?",
            answer="No. People who joined after the first of October receive no bonus for that year.",
            pool="bonus leave expenses training",
            ranked="bonus training leave",
            sent="bonus training leave",
        ),
    ),
)
