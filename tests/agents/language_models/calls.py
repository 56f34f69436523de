"""What a model's service sends when the model asks for calls."""

import json
from typing import Any

from tests.webhooks.receiver import Answer, answer


def calls(*wanted: tuple[str, Any], text: str = "", asked: int = 7) -> Answer:
    """Answer as OpenAI's API streams calls; arguments that are no text are written as JSON."""
    pieces = [
        {
            "index": place,
            "id": f"call_{place}",
            "function": {
                "name": name,
                "arguments": given if isinstance(given, str) else json.dumps(given),
            },
        }
        for place, (name, given) in enumerate(wanted)
    ]
    chunks: list[dict[str, Any]] = [{"choices": [{"delta": {"content": text}}]}] if text else []
    chunks.append({"choices": [{"delta": {"tool_calls": pieces}}]})
    chunks.append({"choices": [{"delta": {}, "finish_reason": "tool_calls"}]})
    chunks.append({"choices": [], "usage": {"prompt_tokens": asked, "completion_tokens": 3}})
    lines = [f"data: {json.dumps(chunk)}\n\n" for chunk in chunks]
    body = "".join([*lines, "data: [DONE]\n\n"]).encode()
    return answer(200, body, content_type="text/event-stream")
