#!/usr/bin/env python3
"""Races the fused loss against PyTorch and DWCE's weight map against SciPy, in one run: CWCD forward and backward,
1x16x64x128x128, 15 organs.

    python3 bench/race_losses.py build/bin/race_losses [--out docs/figures/losses.md]

Needs numpy, scipy and torch. Values are compared before times are shown. Both sides keep their heap between runs, so
page faults are in neither time; memory is measured in a first run before that.
"""
import argparse
import ctypes
import json
import os
import subprocess
import sys
import tempfile
import time

import numpy as np
import scipy
from scipy import ndimage

CLASSES, PATCH, CASE = 16, (64, 128, 128), (96, 256, 256)
CUBE = np.ones((3, 3, 3), bool)


def organs(shape, count=CLASSES - 1, seed=3):
    rng = np.random.default_rng(seed)
    labels = np.zeros(shape, np.uint8)
    grid = np.ogrid[: shape[0], : shape[1], : shape[2]]
    for j in range(1, count + 1):
        centre = [n * rng.uniform(0.2, 0.8) for n in shape]
        radius = [n * rng.uniform(0.04, 0.17) for n in shape]
        labels[sum(((g - c) / r) ** 2 for g, c, r in zip(grid, centre, radius)) <= 1] = j
    return labels


def weights_by_class(labels, w0=10.0, sigma=5.0):
    first = np.full(labels.shape, np.inf)
    second = first.copy()
    for j in range(1, CLASSES):
        mask = labels == j
        border = mask & ~ndimage.binary_erosion(mask, CUBE, border_value=1)
        if not border.any():
            continue
        distance = ndimage.distance_transform_edt(~border)
        second = np.minimum(second, np.maximum(first, distance))
        first = np.minimum(first, distance)
    return 1 + w0 * np.exp(-((first + second) ** 2) / (2 * sigma**2))


def band_of(labels, n=6):
    band = np.zeros(labels.shape, bool)
    for j in range(CLASSES):
        mask = labels == j
        band |= mask & ~ndimage.binary_erosion(mask, CUBE, n)
    return band


def fastest(work, runs):
    best = float("inf")
    for _ in range(runs):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return 1000 * best


def memory(which):
    with open("/proc/self/status", encoding="ascii") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith(which))


def forget_peak():
    with open("/proc/self/clear_refs", "w", encoding="ascii") as file:
        file.write("5")


def in_pytorch(logits, labels, band, runs=5):
    """The losses as one writes them in PyTorch: the paper's, the authors' formula, plain cross entropy."""
    import torch
    from torch.nn import functional

    torch.set_num_threads(os.cpu_count())
    z = torch.from_numpy(logits).requires_grad_()
    index = torch.from_numpy(labels[None].astype(np.int64))
    g = functional.one_hot(index, CLASSES).permute(0, 4, 1, 2, 3).float()[:, 1:].contiguous()
    c = torch.from_numpy(band[None].astype(np.float32))
    foreground = c * (index > 0)

    def dice(overlap, size):
        return (2 * overlap + 1e-3) / (size + 1e-3)

    def dice_terms(contour, axes):
        p = torch.softmax(z, 1)[:, 1:]
        inside = g * contour[:, None]
        return [1 - dice((p * g * mask).sum(axes), (p * mask).sum(axes) + (g * mask).sum(axes))
                for mask in (inside, 1 - inside)]

    def paper():
        entropy = functional.cross_entropy(z, index, reduction="none")
        inner, outer = dice_terms(foreground, (0, 2, 3, 4))
        return ((1 + 2 * foreground) * entropy).mean() + (inner + outer).mean() / 2

    def authors():
        entropy = functional.cross_entropy(z, index, reduction="none")
        inner, outer = dice_terms(c, (0, 1, 2, 3, 4))
        return ((1 + 2 * c) * entropy).mean() + entropy.mean() + inner + outer

    def step(loss):
        z.grad = None
        value = loss()
        value.backward()
        return value.item()

    result = {"version": torch.__version__}
    for name, loss in {"paper": paper, "authors": authors, "entropy": lambda: functional.cross_entropy(z, index)}.items():
        z.grad = None
        ctypes.CDLL(None).malloc_trim(0)
        forget_peak()
        before = memory("VmRSS")
        value = step(loss)
        result[name] = {"value": value, "mib": memory("VmHWM") - before, "ms": fastest(lambda: step(loss), runs)}
    return result


KEPT_HEAP = {"MALLOC_MMAP_THRESHOLD_": str(1 << 30), "MALLOC_TRIM_THRESHOLD_": str(1 << 32)}


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("engine", help="the built race_losses")
    arguments.add_argument("--out")
    given = arguments.parse_args()
    if KEPT_HEAP.items() - os.environ.items():  # the C library reads them when a process starts
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, **KEPT_HEAP})
    labels, case = organs(PATCH), organs(CASE)
    logits = np.random.default_rng(1).normal(size=(1, CLASSES, *PATCH)).astype(np.float32)
    with tempfile.TemporaryDirectory() as folder:
        names = [os.path.join(folder, name) for name in ("logits.npy", "labels.npy", "case.npy")]
        for name, array in zip(names, (logits, labels[None], case)):
            np.save(name, array)
        ours = json.loads(subprocess.check_output([given.engine, "loss", names[0], names[1], "60"]))
        map_ours = json.loads(subprocess.check_output([given.engine, "weights", names[2], str(CLASSES), "5"]))
    peers = in_pytorch(logits, labels, band_of(labels))
    for preset in ("paper", "authors"):
        assert abs(peers[preset]["value"] - ours[preset]["value"]) < 1e-5 * ours[preset]["value"], (peers, ours)
    start = time.perf_counter()
    expected = weights_by_class(case)
    edt = 1000 * (time.perf_counter() - start)
    assert abs(expected.sum() - map_ours["sum"]) < 1e-5 * expected.sum(), (expected.sum(), map_ours["sum"])

    fused, half = ours["paper"]["fp32_ms"], ours["paper"]["bf16_ms"]
    entropy = peers["entropy"]["ms"]
    rows = [
        ("the authors' formula in PyTorch calls, fp32", peers["authors"]["ms"], f"+{peers['authors']['mib']:.0f} MiB"),
        ("the paper's formula in PyTorch calls, fp32", peers["paper"]["ms"], f"+{peers['paper']['mib']:.0f} MiB"),
        ("PyTorch cross entropy alone, fp32", entropy, f"+{peers['entropy']['mib']:.0f} MiB"),
        ("Rind CWCD (paper), fp32", fused, f"+{ours['peak_mib']:.0f} MiB (gradient {ours['gradient_mib']:.0f})"),
        ("Rind CWCD (authors), fp32", ours["authors"]["fp32_ms"], ""),
        ("Rind CWCD, bf16", half, ""),
        ("Rind CWCD, fp32 channels-last", ours["paper"]["fp32_channels_last_ms"], ""),
        ("Rind CWCD, bf16 channels-last", ours["paper"]["bf16_channels_last_ms"], ""),
    ]
    gigabytes = 3 * ours["gradient_mib"] * 2**20 * 1e-6 / fused
    text = ("# Losses, forward and backward, 1×16×64×128×128\n\n"
            f"`python3 bench/race_losses.py build/bin/race_losses`, {os.cpu_count()} cores, PyTorch "
            f"{peers['version']}, SciPy {scipy.__version__}; fastest of 5 (PyTorch) and 60 runs (Rind), heap kept on both "
            f"sides. Load of the machine at the end (1 min): {os.getloadavg()[0]:.1f}.\n\n"
            "| | ms | × Rind fp32 | peak memory |\n|---|---|---|---|\n"
            + "".join(f"| {name} | {ms:.1f} | {ms / fused:.2f} | {memory} |\n" for name, ms, memory in rows)
            + f"\nRind's fp32 passes read the logits twice and write the gradient once: {gigabytes:.1f} GB/s; the same "
            f"three streams without arithmetic take {ours['streams_ms']:.1f} ms in the same process "
            f"({ours['streams_ms'] / fused:.0%} of the loss's time). bf16 takes {half / fused:.2f} of fp32.\n\n"
            "## DWCE's weight map, 96×256×256, 15 organs\n\n| | ms | × |\n|---|---|---|\n"
            f"| SciPy, one exact distance transform a class | {edt:.0f} | {edt / map_ours['weights_ms']:.0f} |\n"
            f"| Rind | {map_ours['weights_ms']:.0f} | 1 |\n")
    print(text)
    if given.out:
        os.makedirs(os.path.dirname(given.out), exist_ok=True)
        with open(given.out, "w", encoding="utf-8") as out:
            out.write(text)


if __name__ == "__main__":
    main()
