"""Embedding reports to nobody: ONNX Runtime would, unless it is told not to."""

import os
import subprocess
import sys
from pathlib import Path


def test_embedding_leaves_no_device_id_in_the_home_folder(tmp_path: Path) -> None:
    # ONNX Runtime makes its device id when it is imported, and reports nothing where CI is set.
    environment = {"HOME": str(tmp_path), "PATH": os.environ["PATH"]}
    code = "import answerdesk.providers.minilm, onnxruntime; onnxruntime.SessionOptions()"
    subprocess.run([sys.executable, "-c", code], env=environment, check=True, timeout=60)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
