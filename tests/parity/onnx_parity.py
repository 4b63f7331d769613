"""Runs the ONNX files that exporting_test left in a folder and compares them with the engine's own logits.

RIND_PARITY=FOLDER exporting_test --gtest_filter='*Onnx*'; python3 onnx_parity.py FOLDER   (numpy, onnxruntime)
"""
import pathlib
import sys

import numpy
import onnxruntime

LIMIT = 1e-4


def difference(model):
    stem = str(model)[: -len(".onnx")]
    session = onnxruntime.InferenceSession(str(model), providers=["CPUExecutionProvider"])
    (logits,) = session.run(None, {"image": numpy.load(stem + "_image.npy")})
    expected = numpy.load(stem + "_logits.npy")
    return numpy.abs(logits - expected).max() / max(1.0, numpy.abs(expected).max())


def main():
    models = sorted(pathlib.Path(sys.argv[1]).glob("*.onnx"))
    failed = not models
    for model in models:
        largest = difference(model)
        failed |= not largest <= LIMIT
        print(f"{model.stem}: largest relative difference {largest:.2e}")
    passed = 0 if failed else len(models)
    print(f"{passed} passed, {len(models) - passed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
