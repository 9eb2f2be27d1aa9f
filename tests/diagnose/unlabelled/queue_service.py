"""The documentation of a message queue."""

from tests.diagnose.unlabelled._case import Case, Desk

DESK = Desk(
    name="queue",
    style="plain",
    documents={
        "visibility": "A message that was received stays hidden from other consumers for the visibility timeout, 30 seconds "
        "unless configured otherwise. Call extend() to prolong it while a job is still running.",
        "retention": "Messages that nobody deletes are kept for 4 days and then dropped. Set retention_days between 1 and 14 "
        "when the queue is created; it cannot be changed afterwards.",
        "dlq": "After max_receives failed deliveries a message is moved to the dead-letter queue. The default of max_receives "
        "is 5. Redrive puts the messages back in their original order.",
        "limits": "A single message may hold at most 256 KB. Larger payloads are stored in a bucket, and the message carries "
        "the pointer. A batch takes up to ten messages.",
        "fifo": "Queues whose name ends in .fifo deliver in order and exactly once. They handle 300 operations a second "
        "without batching and 3,000 with it.",
        "auth": "Clients authenticate with a key pair. Keys rotate every 90 days; the old key is accepted for another 24 hours. "
        "Anonymous access is refused.",
        "pricing": "The first million requests each month are free. After that every million costs 0.40 dollars. Empty "
        "receives count as requests, so use long polling.",
        "polling": "Long polling waits up to 20 seconds for a message before it returns empty. Set wait_seconds on the "
        "consumer. Short polling returns at once.",
        "metrics": "The gauge oldest_age shows the age of the oldest message in seconds. Metrics arrive once a minute and are "
        "free of charge.",
        "delete": "Deleting a queue removes its messages for good. A queue of the same name can be created again after 60 "
        "seconds.",
    },
    cases=(
        Case(
            kind="miss",
            question="What is the size limit for one message?",
            answer="I was unable to find the size limit in the documentation provided.",
            pool="retention visibility dlq polling metrics",
            ranked="visibility retention dlq",
            sent="visibility retention dlq",
        ),
        Case(
            kind="ranked_out",
            question="How many times is delivery retried before a message goes to the dead-letter queue?",
            answer="It is moved after 5 failed deliveries.",
            pool="visibility dlq retention fifo delete",
            ranked="visibility retention fifo",
            sent="visibility retention fifo",
        ),
        Case(
            kind="truncated",
            question="How long does the previous key stay valid after a rotation?",
            answer="Keys rotate every 90 days.",
            pool="auth retention visibility delete",
            ranked="auth visibility retention",
            sent="auth visibility",
            cut={"auth": 68},
        ),
        Case(
            kind="ignored",
            question="Which throughput does a FIFO queue reach with batching?",
            answer="The documentation does not mention the throughput of FIFO queues.",
            pool="fifo limits pricing metrics",
            ranked="fifo limits pricing",
            sent="fifo limits pricing",
        ),
        Case(
            kind="clean",
            question="Can the retention of an existing queue be changed?",
            answer="No, retention_days is set when the queue is created and cannot be changed afterwards.",
            pool="retention delete visibility dlq",
            ranked="retention delete visibility",
            sent="retention delete visibility",
        ),
        Case(
            kind="clean",
            question="Do empty receives cost anything?",
            answer="Yes. Empty receives count as requests: the first million requests a month are free, after that a million "
            "costs 0.40 dollars.",
            pool="pricing polling metrics limits",
            ranked="pricing polling metrics",
            sent="pricing polling metrics",
        ),
    ),
)
