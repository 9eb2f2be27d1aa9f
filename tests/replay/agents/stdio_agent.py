"""The scripted agent as a program: JSON lines on standard streams."""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from _scripted import decide


def main() -> None:
    turn = results = 0
    for line in sys.stdin:
        message = json.loads(line)
        if message["type"] == "stop":
            return
        if message["type"] in ("start", "user"):
            turn, results = turn + 1, 0
        else:
            results += 1
        step = decide(turn, results)
        if isinstance(step, str):
            answer = {"type": "say", "text": step}
        else:
            answer = {"type": "call", "id": f"c{turn}", "name": step[0], "args": step[1]}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


main()
