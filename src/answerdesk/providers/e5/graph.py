"""Builds `layers.onnx`: the model's graph without its weights.

Its products multiply the four-bit matrices as they are in the file (`MatMulNBits`), so that nothing
is expanded. Run `python -m answerdesk.providers.e5.graph` to write the file again. This module
needs the package `onnx`, which only development installs; at run time, the file is read. Operators:
https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md
"""

from pathlib import Path

from onnx import ModelProto, NodeProto, TensorProto, helper

from answerdesk.providers.e5.architecture import (
    BLOCK,
    HEADS,
    HIDDEN,
    INTERMEDIATE,
    LAYER_NORM_EPSILON,
    LAYERS,
)

FUSED = "com.microsoft"
ROWS: list[str | int | None] = ["rows", "tokens", HIDDEN]
SEES: list[str | int | None] = ["rows", 1, "tokens", "tokens"]
FLOAT32 = 1


def build(accuracy: int = FLOAT32) -> ModelProto:
    """Return the graph: `embeddings` and `sees` → `tokens`.

    `embeddings` (rows, tokens, hidden) is the sum of word, position and type embeddings before
    normalisation; `tokens`, of the same shape, is the output of the last layer. `sees` (rows, 1,
    tokens, tokens) is 0 if the first token attends to the second, else far below, so that one row
    can hold several texts. Every weight is an external initializer, supplied when a session is
    created.
    """
    graph = _Graph(accuracy)
    return helper.make_model(
        helper.make_graph(
            graph.nodes,
            "multilingual-e5-small",
            inputs=[
                helper.make_tensor_value_info("embeddings", TensorProto.FLOAT, ROWS),
                helper.make_tensor_value_info("sees", TensorProto.FLOAT, SEES),
            ],
            outputs=[helper.make_tensor_value_info("tokens", TensorProto.FLOAT, ROWS)],
            initializer=graph.weights,
        ),
        producer_name="answerdesk",
        ir_version=9,
        opset_imports=[helper.make_opsetid("", 18), helper.make_opsetid(FUSED, 1)],
    )


class _Graph:
    """The nodes in order, and the weights that they name."""

    def __init__(self, accuracy: int) -> None:
        self.nodes: list[NodeProto] = []
        self.weights: list[TensorProto] = []
        self._accuracy = accuracy
        self._normalise("embeddings", "embeddings.norm")
        incoming = "embeddings.norm"
        for index in range(LAYERS):
            outgoing = "tokens" if index == LAYERS - 1 else f"{index}.norm"
            self._layer(f"{index}", incoming, outgoing)
            incoming = outgoing

    def _layer(self, at: str, incoming: str, outgoing: str) -> None:
        self._product(f"{at}.qkv", incoming, (HIDDEN, 3 * HIDDEN))
        parts = [f"{at}.query", f"{at}.key", f"{at}.value"]
        self.nodes.append(
            helper.make_node("Split", [f"{at}.qkv"], parts, axis=-1, num_outputs=len(parts))
        )
        no_padding = ""
        self._add(
            "MultiHeadAttention",
            [*parts, f"{at}.qkv.bias", no_padding, "sees"],
            f"{at}.attended",
            num_heads=HEADS,
        )
        self._product(f"{at}.attention", f"{at}.attended", (HIDDEN, HIDDEN))
        self._add_and_normalise(f"{at}.attention", incoming, f"{at}.attention.norm")
        self._product(f"{at}.wide", f"{at}.attention.norm", (HIDDEN, INTERMEDIATE))
        self._add("BiasGelu", [f"{at}.wide", f"{at}.wide.bias"], f"{at}.gelu")
        self._product(f"{at}.narrow", f"{at}.gelu", (INTERMEDIATE, HIDDEN))
        self._add_and_normalise(f"{at}.narrow", f"{at}.attention.norm", outgoing, norm=f"{at}.norm")

    def _product(self, name: str, incoming: str, shape: tuple[int, int]) -> None:
        """Add the matrix product; the operator after it adds the bias."""
        rows, columns = shape
        blocks = rows // BLOCK
        self._weight(f"{name}.weight", (columns, blocks, BLOCK // 2), TensorProto.UINT8)
        self._weight(f"{name}.scale", (columns * blocks,))
        self._weight(f"{name}.bias", (columns,))
        self._add(
            "MatMulNBits",
            [incoming, f"{name}.weight", f"{name}.scale"],
            name,
            K=rows,
            N=columns,
            bits=4,
            block_size=BLOCK,
            accuracy_level=self._accuracy,
        )

    def _normalise(self, incoming: str, outgoing: str) -> None:
        self.nodes.append(
            helper.make_node(
                "LayerNormalization",
                [incoming, *self._normalisation(outgoing)],
                [outgoing],
                axis=-1,
                epsilon=LAYER_NORM_EPSILON,
            )
        )

    def _add_and_normalise(
        self, product: str, skipped: str, outgoing: str, norm: str | None = None
    ) -> None:
        parts = [*self._normalisation(norm or outgoing), f"{product}.bias"]
        self._add(
            "SkipLayerNormalization",
            [product, skipped, *parts],
            outgoing,
            epsilon=LAYER_NORM_EPSILON,
        )

    def _normalisation(self, name: str) -> list[str]:
        names = [f"{name}.weight", f"{name}.bias"]
        for one in names:
            self._weight(one, (HIDDEN,))
        return names

    def _add(self, operator: str, inputs: list[str], output: str, **attributes: float) -> None:
        node = helper.make_node(operator, inputs, [output], domain=FUSED)
        node.attribute.extend(helper.make_attribute(*one) for one in attributes.items())
        self.nodes.append(node)

    def _weight(self, name: str, shape: tuple[int, ...], kind: int = TensorProto.FLOAT) -> None:
        tensor = TensorProto(
            name=name, dims=shape, data_type=kind, data_location=TensorProto.EXTERNAL
        )
        # The format requires a location; the session gets the arrays themselves and opens no file.
        tensor.external_data.add(key="location", value="given-at-run-time")
        self.weights.append(tensor)


if __name__ == "__main__":
    Path(__file__).with_name("layers.onnx").write_bytes(build().SerializeToString())
