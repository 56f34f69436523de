"""Builds `passages.onnx` and `questions.onnx`: the model's graph without its weights.

Both consist of fused operators; the questions' graph computes its products in int8. Run `python -m
answerdesk.providers.minilm.graph` to write the files again. This module needs the package `onnx`,
which only development installs; at run time, the files are read. Operators:
https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md
"""

from collections.abc import Sequence
from pathlib import Path

from onnx import ModelProto, NodeProto, TensorProto, ValueInfoProto, helper

from answerdesk.providers.minilm.architecture import (
    HEADS,
    HIDDEN,
    INTERMEDIATE,
    LAYER_NORM_EPSILON,
    LAYERS,
    OUTLIERS,
    USUAL,
)

FUSED = "com.microsoft"
ROWS: list[str | int | None] = ["rows", "tokens", HIDDEN]


def build(name: str) -> ModelProto:
    """Return the graph of "passages" or "questions": `embeddings` → `tokens`.

    `embeddings` (rows, tokens, hidden) is the sum of word, position and type embeddings before
    normalisation; `tokens`, of the same shape, is the output of the last layer. The passages' graph
    also takes `sees` (rows, tokens, tokens), 1 if the first token attends to the second, else 0, so
    that one row can hold several texts. Every weight is an external initializer, supplied when a
    session is created.
    """
    graph = {"passages": _Graph, "questions": _QuantisedGraph}[name]()
    return helper.make_model(
        helper.make_graph(
            graph.nodes,
            f"all-MiniLM-L6-v2, {name}",
            inputs=[
                helper.make_tensor_value_info("embeddings", TensorProto.FLOAT, ROWS),
                *graph.further_inputs,
            ],
            outputs=[helper.make_tensor_value_info("tokens", TensorProto.FLOAT, ROWS)],
            initializer=graph.weights,
        ),
        producer_name="answerdesk",
        ir_version=9,
        opset_imports=[helper.make_opsetid("", 18), helper.make_opsetid(FUSED, 1)],
    )


class _Graph:
    """The nodes in order, and the weights that they name; all in float32."""

    def __init__(self) -> None:
        self.nodes: list[NodeProto] = []
        self.weights: list[TensorProto] = []
        self.further_inputs = self._further_inputs()
        self._normalise("embeddings", "embeddings.norm")
        incoming = "embeddings.norm"
        for index in range(LAYERS):
            outgoing = "tokens" if index == LAYERS - 1 else f"{index}.norm"
            self._layer(f"{index}", incoming, outgoing)
            incoming = outgoing

    def _layer(self, at: str, incoming: str, outgoing: str) -> None:
        self._attend(at, incoming, f"{at}.attended")
        self._product(f"{at}.attention", f"{at}.attended", (HIDDEN, HIDDEN))
        self._add_and_normalise(f"{at}.attention", incoming, f"{at}.attention.norm")
        self._product(f"{at}.wide", f"{at}.attention.norm", (HIDDEN, INTERMEDIATE))
        self._add("BiasGelu", [f"{at}.wide", f"{at}.wide.bias"], [f"{at}.gelu"])
        self._narrow(at)
        self._add_and_normalise(f"{at}.narrow", f"{at}.attention.norm", outgoing, norm=f"{at}.norm")

    def _narrow(self, at: str) -> None:
        self._product(f"{at}.narrow", f"{at}.gelu", (INTERMEDIATE, HIDDEN))

    def _further_inputs(self) -> list[ValueInfoProto]:
        return [
            helper.make_tensor_value_info("sees", TensorProto.INT32, ["rows", "tokens", "tokens"])
        ]

    def _attend(self, at: str, incoming: str, outgoing: str) -> None:
        self._matrix(f"{at}.qkv", (HIDDEN, 3 * HIDDEN))
        parts = [f"{at}.qkv.weight", f"{at}.qkv.bias", "sees"]
        self._add("Attention", [incoming, *parts], [outgoing], num_heads=HEADS)

    def _product(self, name: str, incoming: str, shape: tuple[int, int]) -> None:
        """Add the matrix product; the operator after it adds the bias."""
        self._matrix(name, shape)
        self.nodes.append(helper.make_node("MatMul", [incoming, f"{name}.weight"], [name]))

    def _matrix(self, name: str, shape: tuple[int, int]) -> None:
        self._weight(f"{name}.weight", shape)
        self._weight(f"{name}.bias", shape[1:])

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
            [outgoing],
            epsilon=LAYER_NORM_EPSILON,
        )

    def _normalisation(self, name: str) -> list[str]:
        names = [f"{name}.weight", f"{name}.bias"]
        for one in names:
            self._weight(one, (HIDDEN,))
        return names

    def _add(
        self, operator: str, inputs: list[str], outputs: list[str], **attributes: float
    ) -> None:
        node = helper.make_node(operator, inputs, outputs, domain=FUSED)
        node.attribute.extend(helper.make_attribute(*one) for one in attributes.items())
        self.nodes.append(node)

    def _weight(self, name: str, shape: tuple[int, ...], kind: int = TensorProto.FLOAT) -> None:
        tensor = TensorProto(
            name=name, dims=shape, data_type=kind, data_location=TensorProto.EXTERNAL
        )
        # The format requires a location; the session gets the arrays themselves and opens no file.
        tensor.external_data.add(key="location", value="given-at-run-time")
        self.weights.append(tensor)


class _QuantisedGraph(_Graph):
    """The same graph with int8 matrices; inputs of products are quantised at run time.

    One text per row, so each token attends to all others.
    """

    def _further_inputs(self) -> list[ValueInfoProto]:
        return []

    def _attend(self, at: str, incoming: str, outgoing: str) -> None:
        self._matrix(f"{at}.qkv", (HIDDEN, 3 * HIDDEN))
        incoming = self._balanced(f"{at}.qkv", incoming)
        quantised, scale, zero = f"{at}.seen", f"{at}.seen.scale", f"{at}.seen.zero"
        self.nodes.append(
            helper.make_node("DynamicQuantizeLinear", [incoming], [quantised, scale, zero])
        )
        weight, bias, weight_scale = f"{at}.qkv.weight", f"{at}.qkv.bias", f"{at}.qkv.scale"
        no_mask = ""
        self._add(
            "QAttention",
            [quantised, weight, bias, scale, weight_scale, no_mask, zero],
            [outgoing],
            num_heads=HEADS,
        )

    def _product(self, name: str, incoming: str, shape: tuple[int, int]) -> None:
        self._matrix(name, shape)
        if incoming.endswith(".norm"):
            incoming = self._balanced(name, incoming)
        self._add("DynamicQuantizeMatMul", [incoming, f"{name}.weight", f"{name}.scale"], [name])

    def _balanced(self, product: str, incoming: str) -> str:
        """Return the input of a product in place of `incoming`; see `encoder.quantise`."""
        balance, balanced = f"{product}.balance", f"{product}.in"
        self._weight(balance, (HIDDEN,))
        self.nodes.append(helper.make_node("Mul", [incoming, balance], [balanced]))
        return balanced

    def _narrow(self, at: str) -> None:
        """Add the product, with the excess of its outliers computed separately.

        Otherwise one step of the int8 scale would be five times as wide for all tokens.
        """
        outliers = OUTLIERS.get(int(at))
        if outliers is None:
            super()._narrow(at)
            return
        usual, which = f"{at}.outliers.usual", f"{at}.outliers.which"
        self._constant(usual, TensorProto.FLOAT, [], [USUAL])
        self._constant(which, TensorProto.INT64, [len(outliers)], outliers)
        self._weight(f"{at}.outliers.weight", (len(outliers), HIDDEN))
        self._matrix(f"{at}.narrow", (INTERMEDIATE, HIDDEN))
        gelu, clipped, above, rest = (
            f"{at}.{name}" for name in ("gelu", "clipped", "above", "rest")
        )
        weights = [f"{at}.narrow.weight", f"{at}.narrow.scale"]
        self.nodes += [
            helper.make_node("Clip", [gelu, "", usual], [clipped]),
            helper.make_node("Gather", [gelu, which], [f"{at}.outliers"], axis=-1),
            helper.make_node("Sub", [f"{at}.outliers", usual], [f"{above}.signed"]),
            helper.make_node("Relu", [f"{above}.signed"], [above]),
            helper.make_node("MatMul", [above, f"{at}.outliers.weight"], [rest]),
        ]
        self._add("DynamicQuantizeMatMul", [clipped, *weights], [f"{at}.narrow.usual"])
        self.nodes.append(helper.make_node("Add", [f"{at}.narrow.usual", rest], [f"{at}.narrow"]))

    def _constant(self, name: str, kind: int, shape: list[int], values: Sequence[float]) -> None:
        self.weights.append(helper.make_tensor(name, kind, shape, values))

    def _matrix(self, name: str, shape: tuple[int, int]) -> None:
        self._weight(f"{name}.weight", shape, TensorProto.INT8)
        self._weight(f"{name}.scale", shape[1:])
        self._weight(f"{name}.bias", shape[1:])


if __name__ == "__main__":
    for each in ("passages", "questions"):
        Path(__file__).with_name(f"{each}.onnx").write_bytes(build(each).SerializeToString())
