"""The scripted agent where our MCP server would be: it asks the trial over the socket, as the server does."""

import json
import socket
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from _scripted import decide

config, transcript = (json.loads(Path(name).read_text()) for name in sys.argv[1:])
turn = sum(one["role"] == "user" for one in transcript)
with socket.socket(socket.AF_UNIX) as line:
    line.connect(config["mcpServers"]["traceeval"]["args"][-1])
    stream = line.makefile("rwb")

    def ask(**message):
        stream.write(json.dumps(message).encode() + b"\n")
        stream.flush()
        return json.loads(stream.readline())

    assert "get_order" in [tool["name"] for tool in ask(ask="tools")]
    for results in range(2):
        step = decide(turn, results)
        if isinstance(step, str):
            sys.stdout.write(step + "\n")
        else:
            ask(ask="call", name=step[0], args=step[1])
