"""all-MiniLM-L6-v2 in this process, on ONNX Runtime: no service, no key, no download."""

from answerdesk.providers.minilm.embedder import MiniLmEmbedder

__all__ = ["MiniLmEmbedder"]
