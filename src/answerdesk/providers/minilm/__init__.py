"""all-MiniLM-L6-v2 in this process, on ONNX Runtime: no service, no key, no download."""

import os

# Since 1.29, ONNX Runtime keeps a device id in the user's home folder and reports its use to its
# maker unless this is set before its first import; its API turns off only a part of that.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

from answerdesk.providers.minilm.embedder import MiniLmEmbedder

__all__ = ["MiniLmEmbedder"]
