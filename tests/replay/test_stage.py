"""What the trials of a suite share is made once, before they are forked."""

import subprocess
import sys

from tests.replay._run import shop

PROGRAM = """
import re, sys
from traceeval.replay import load_suite
from traceeval.replay.agents import open_agent
from traceeval.replay.trial import Stage
from traceeval.graph._speech import asks, claims_done, proposes

stage = Stage(suite=load_suite(sys.argv[1]), agent=open_agent("noop"))
if sys.argv[2] == "prepared":
    stage.prepare()
compiled = []
plain = re._compiler.compile
re._compiler.compile = lambda pattern, flags=0: compiled.append(len(str(pattern))) or plain(pattern, flags)
for text in ("Shall I cancel it? They do not say.", "Soll ich stornieren? Das kann ich nicht.", "Je ne sais pas."):
    asks(text), proposes(text, "cancel_order"), claims_done(text, "cancel_order")
print(max(compiled, default=0))
"""


def longest(tmp_path, how):
    """Characters of the longest pattern that was compiled while users were answered."""
    words = [sys.executable, "-c", PROGRAM, str(shop(tmp_path).folder), how]
    return int(subprocess.run(words, capture_output=True, text=True, check=True).stdout)


def test_no_trial_reads_a_word_list_again(tmp_path):
    assert longest(tmp_path, "prepared") < 200
    assert longest(tmp_path, "unprepared") > 1000
