"""Builds `encoder.onnx`: the model's graph, without its weights, from fused operators.

Run `python -m answerdesk.providers.minilm.graph` to write the file again. This module needs the
package `onnx`, which only development installs; at run time the file is read. Operators:
https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md
"""

from pathlib import Path

from onnx import ModelProto, NodeProto, TensorProto, helper

from answerdesk.providers.minilm.architecture import (
    HEADS,
    HIDDEN,
    INTERMEDIATE,
    LAYER_NORM_EPSILON,
    LAYERS,
)

FUSED = "com.microsoft"


def build() -> ModelProto:
    """Return the graph: `embeddings` (rows, tokens, hidden) and `sees` → `tokens`.

    `embeddings` is the sum of word, position and type embeddings, not yet normalised. `sees`
    (rows, tokens, tokens) is 1 where the first token attends to the second, else 0: that lets one
    row hold several texts. `tokens` (rows, tokens, hidden) is the output of the last layer. Every
    weight is an initializer kept outside, given when a session is made.
    """
    shapes: dict[str, tuple[int, ...]] = {}
    nodes = [_first_normalisation(shapes)]
    incoming = "embeddings.norm"
    for index in range(LAYERS):
        outgoing = "tokens" if index == LAYERS - 1 else f"{index}.norm"
        nodes += _layer(shapes, f"{index}", incoming, outgoing)
        incoming = outgoing
    shape: list[str | int | None] = ["rows", "tokens", HIDDEN]
    graph = helper.make_graph(
        nodes,
        "all-MiniLM-L6-v2",
        inputs=[
            helper.make_tensor_value_info("embeddings", TensorProto.FLOAT, shape),
            helper.make_tensor_value_info("sees", TensorProto.INT32, ["rows", "tokens", "tokens"]),
        ],
        outputs=[helper.make_tensor_value_info("tokens", TensorProto.FLOAT, shape)],
        initializer=[_outside(name, shape) for name, shape in shapes.items()],
    )
    return helper.make_model(
        graph,
        producer_name="answerdesk",
        ir_version=9,
        opset_imports=[helper.make_opsetid("", 18), helper.make_opsetid(FUSED, 1)],
    )


def _first_normalisation(shapes: dict[str, tuple[int, ...]]) -> NodeProto:
    parts = _normalisation_weights(shapes, "embeddings.norm")
    return helper.make_node(
        "LayerNormalization",
        ["embeddings", *parts],
        ["embeddings.norm"],
        axis=-1,
        epsilon=LAYER_NORM_EPSILON,
    )


def _layer(
    shapes: dict[str, tuple[int, ...]], at: str, incoming: str, outgoing: str
) -> list[NodeProto]:
    shapes[f"{at}.qkv.weight"] = (HIDDEN, 3 * HIDDEN)
    shapes[f"{at}.qkv.bias"] = (3 * HIDDEN,)
    return [
        helper.make_node(
            "Attention",
            [incoming, f"{at}.qkv.weight", f"{at}.qkv.bias", "sees"],
            [f"{at}.attended"],
            domain=FUSED,
            num_heads=HEADS,
        ),
        _product(shapes, f"{at}.attention", f"{at}.attended", (HIDDEN, HIDDEN)),
        _add_and_normalise(shapes, f"{at}.attention", incoming, f"{at}.attention.norm"),
        _product(shapes, f"{at}.wide", f"{at}.attention.norm", (HIDDEN, INTERMEDIATE)),
        helper.make_node(
            "BiasGelu", [f"{at}.wide", f"{at}.wide.bias"], [f"{at}.gelu"], domain=FUSED
        ),
        _product(shapes, f"{at}.narrow", f"{at}.gelu", (INTERMEDIATE, HIDDEN)),
        _add_and_normalise(
            shapes, f"{at}.narrow", f"{at}.attention.norm", outgoing, norm=f"{at}.norm"
        ),
    ]


def _product(
    shapes: dict[str, tuple[int, ...]], name: str, incoming: str, shape: tuple[int, int]
) -> NodeProto:
    """Return the matrix product; the operator that follows it adds the bias."""
    shapes[f"{name}.weight"] = shape
    shapes[f"{name}.bias"] = shape[1:]
    return helper.make_node("MatMul", [incoming, f"{name}.weight"], [name])


def _add_and_normalise(
    shapes: dict[str, tuple[int, ...]],
    product: str,
    skipped: str,
    outgoing: str,
    norm: str | None = None,
) -> NodeProto:
    parts = _normalisation_weights(shapes, norm or outgoing)
    return helper.make_node(
        "SkipLayerNormalization",
        [product, skipped, *parts, f"{product}.bias"],
        [outgoing],
        domain=FUSED,
        epsilon=LAYER_NORM_EPSILON,
    )


def _normalisation_weights(shapes: dict[str, tuple[int, ...]], name: str) -> list[str]:
    names = [f"{name}.weight", f"{name}.bias"]
    shapes.update(dict.fromkeys(names, (HIDDEN,)))
    return names


def _outside(name: str, shape: tuple[int, ...]) -> TensorProto:
    tensor = TensorProto(
        name=name,
        dims=shape,
        data_type=TensorProto.FLOAT,
        data_location=TensorProto.EXTERNAL,
    )
    # The format wants a place; the session is given the arrays themselves and opens no file.
    tensor.external_data.add(key="location", value="given-at-run-time")
    return tensor


if __name__ == "__main__":
    Path(__file__).with_name("encoder.onnx").write_bytes(build().SerializeToString())
