#!/usr/bin/env python3
"""Races the fused loss against plain LibTorch calls with autograd (the calls and kernels of PyTorch 2.11) and DWCE's
weight map against SciPy, in one run: CWCD forward and backward, 1x16x64x128x128, 15 organs.

    python3 bench/race_losses.py build/bin/race_losses [--out docs/figures/losses.md]

Needs numpy and scipy. Values are compared before times are shown. Both sides keep their heap between runs, so page
faults are in neither time; memory is measured in a first run before that.
"""
import argparse
import json
import os
import subprocess
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


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("engine", help="the built race_losses")
    arguments.add_argument("--out")
    given = arguments.parse_args()
    labels, case = organs(PATCH), organs(CASE)
    logits = np.random.default_rng(1).normal(size=(1, CLASSES, *PATCH)).astype(np.float32)
    with tempfile.TemporaryDirectory() as folder:
        names = [os.path.join(folder, name) for name in ("logits.npy", "labels.npy", "case.npy")]
        for name, array in zip(names, (logits, labels[None], case)):
            np.save(name, array)
        ours = json.loads(subprocess.check_output([given.engine, "loss", names[0], names[1], "40"]))
        plain = json.loads(subprocess.check_output([given.engine, "plain", names[0], names[1], "5"]))
        map_ours = json.loads(subprocess.check_output([given.engine, "weights", names[2], str(CLASSES), "5"]))
    assert abs(plain["value"] - ours["value"]) < 1e-5 * plain["value"], (plain, ours)
    start = time.perf_counter()
    expected = weights_by_class(case)
    edt = 1000 * (time.perf_counter() - start)
    assert abs(expected.sum() - map_ours["sum"]) < 1e-5 * expected.sum(), (expected.sum(), map_ours["sum"])

    fused = ours["fp32_ms"]
    bytes_moved = 3 * ours["gradient_mib"] * 2**20
    rows = [
        ("CWCD in plain LibTorch calls, fp32", plain["cwcd_ms"], f"{plain['cwcd_ms'] / fused:.1f}",
         f"+{plain['peak_mib']:.0f} MiB"),
        ("cross entropy alone in LibTorch, fp32", plain["entropy_ms"], f"{plain['entropy_ms'] / fused:.1f}", ""),
        ("Rind CWCD, fp32", fused, "1", f"+{ours['peak_mib']:.0f} MiB (gradient {ours['gradient_mib']:.0f})"),
        ("Rind CWCD, bf16", ours["bf16_ms"], f"{ours['bf16_ms'] / fused:.2f}", ""),
        ("Rind CWCD, fp32 channels-last", ours["fp32_channels_last_ms"],
         f"{ours['fp32_channels_last_ms'] / fused:.2f}", ""),
        ("Rind CWCD, bf16 channels-last", ours["bf16_channels_last_ms"],
         f"{ours['bf16_channels_last_ms'] / fused:.2f}", ""),
    ]
    text = ("# Losses, forward and backward, 1×16×64×128×128\n\n"
            f"`python3 bench/race_losses.py build/bin/race_losses`, {os.cpu_count()} cores, LibTorch "
            f"2.11, SciPy {scipy.__version__}; fastest of 5 (plain calls) and 40 runs (Rind), heap kept on both "
            f"sides. Load of the machine after the run (1 min): "
            f"{os.getloadavg()[0]:.1f}; with more than its cores asked for, times of both sides are long.\n\n"
            "| | ms | × Rind fp32 | peak memory |\n|---|---|---|---|\n"
            + "".join(f"| {name} | {ms:.1f} | {ratio} | {memory} |\n" for name, ms, ratio, memory in rows)
            + f"\nRind's fp32 pass reads the logits twice and writes the gradient once: {1e-6 * bytes_moved / fused:.1f} "
            "GB/s. Float32 is near what memory gives (the benchmark losses_bench measures that in the same process); "
            "bfloat16 moves half the bytes in nearly the same time, so arithmetic bounds it.\n\n"
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
