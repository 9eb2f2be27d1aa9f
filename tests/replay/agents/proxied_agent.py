"""The scripted agent as a stranger's program with a model: it asks an endpoint, and makes the calls over our server."""

import json
import os
import socket
import sys
import urllib.request
from pathlib import Path

config, transcript = (json.loads(Path(name).read_text()) for name in sys.argv[1:3])
options = sys.argv[3:]
TOOLS = [{"type": "function", "function": {"name": "get_order", "parameters": {"type": "object"}}}]


def completed(messages):
    body = {"model": "m", "messages": messages, "tools": TOOLS, "stream": "stream" in options}
    request = urllib.request.Request(
        f"{os.environ['OPENAI_BASE_URL']}/chat/completions",
        json.dumps(body).encode(),
        {"Content-Type": "application/json", "Authorization": f"Bearer {os.environ['OPENAI_API_KEY']}"},
    )
    with urllib.request.urlopen(request) as answer:
        data = answer.read()
    if "stream" not in options:
        return json.loads(data)["choices"][0]["message"]
    chunks = [json.loads(line[6:]) for line in data.decode().split("\n\n") if line.startswith("data: {")]
    return chunks[0]["choices"][0]["delta"]


def plain(message):
    calls = [
        {"id": one["id"], "function": {"name": one["name"], "arguments": json.dumps(one["arguments"])}}
        for one in message.get("tool_calls") or ()
    ]
    kept = {key: message[key] for key in ("role", "content", "tool_call_id") if message.get(key) is not None}
    return {**kept, **({"tool_calls": calls} if calls else {})}


messages = [plain(one) for one in transcript]
if "instructed" in options:
    messages.insert(0, {"role": "system", "content": "Be brief."})
with socket.socket(socket.AF_UNIX) as line:
    line.connect(config["mcpServers"]["traceeval"]["args"][-1])
    stream = line.makefile("rwb")
    while True:
        message = completed(messages)
        messages.append({"role": "assistant", **message})
        if not message.get("tool_calls"):
            break
        for call in message["tool_calls"]:
            asked = {"ask": "call", "name": call["function"]["name"], "args": json.loads(call["function"]["arguments"])}
            stream.write(json.dumps(asked).encode() + b"\n")
            stream.flush()
            found = json.loads(stream.readline())
            messages.append({"role": "tool", "tool_call_id": call["id"], "content": found["text"]})
sys.stdout.write(message["content"])
