"""Has exporting_test leave its ONNX files in a folder, runs them and compares with the engine's own logits.

python3 onnx_parity.py EXPORTING_TEST   (numpy, onnxruntime; without them it is skipped: exit status 77)
"""
import os
import pathlib
import subprocess
import sys
import tempfile

try:
    import numpy
    import onnxruntime
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

LIMIT = 1e-4


def difference(model):
    stem = str(model)[: -len(".onnx")]
    session = onnxruntime.InferenceSession(str(model), providers=["CPUExecutionProvider"])
    (logits,) = session.run(None, {"image": numpy.load(stem + "_image.npy")})
    expected = numpy.load(stem + "_logits.npy")
    return numpy.abs(logits - expected).max() / max(1.0, numpy.abs(expected).max())


def main():
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.argv[1], "--gtest_filter=*Onnx*"], check=True, stdout=subprocess.DEVNULL,
                       env={**os.environ, "RIND_PARITY": folder})
        return compare(sorted(pathlib.Path(folder).glob("*.onnx")))


def compare(models):
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
