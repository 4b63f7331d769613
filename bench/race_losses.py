#!/usr/bin/env python3
"""Races the fused loss against PyTorch in one run: CWCD forward and backward, 1x16x64x128x128, 15 organs.

    python3 bench/race_losses.py build/bin/race_losses [--out docs/figures/losses.md]

Needs torch, numpy and scipy. Values are compared before anything is timed. Both sides keep their heap between runs
(MALLOC_MMAP_THRESHOLD_ and MALLOC_TRIM_THRESHOLD_ are set for PyTorch too), so page faults are in neither time.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile
import time

KEEP = {"MALLOC_MMAP_THRESHOLD_": str(1 << 30), "MALLOC_TRIM_THRESHOLD_": str(1 << 30)}
if __name__ == "__main__" and "MALLOC_TRIM_THRESHOLD_" not in os.environ:
    os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, **KEEP})

import numpy as np
import scipy
import torch
import torch.nn.functional as F
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


def band_of(labels, n=6):
    band = np.zeros(labels.shape, bool)
    for j in range(1, CLASSES):
        mask = labels == j
        band |= mask & ~ndimage.binary_erosion(mask, CUBE, n)
    return band


def dice(p, g, epsilon=1e-3):
    axes = (0, 2, 3, 4)
    return (2 * (p * g).sum(axes) + epsilon) / (p.sum(axes) + g.sum(axes) + epsilon)


def cwcd(logits, labels, one_hot, band, alpha=2.0, share=0.5):
    """SDL + CWCE as one would write it; one_hot and band are made once, outside the time."""
    entropy = ((1 + alpha * band) * F.cross_entropy(logits, labels, reduction="none")).mean()
    p, g = torch.softmax(logits, 1)[:, 1:], one_hot[:, 1:]
    inside = g * band[:, None]
    outside = 1 - inside
    contour, rest = dice(p * inside, g * inside), dice(p * outside, g * outside)
    return entropy + (share * (1 - contour) + (1 - share) * (1 - rest)).mean()


def milliseconds(work, runs=5):
    best = float("inf")
    for _ in range(runs):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return 1000 * best


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


def memory(which):
    """"VmRSS" (held now) or "VmHWM" (most held since the peak was forgotten), in MiB."""
    with open("/proc/self/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith(which + ":")) / 1024


def forget_peak():
    with open("/proc/self/clear_refs", "w", encoding="ascii") as peak:
        peak.write("5")


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
        map_ours = json.loads(subprocess.check_output([given.engine, "weights", names[2], str(CLASSES), "5"]))
    z = torch.from_numpy(logits).requires_grad_()
    target = torch.from_numpy(labels[None].astype(np.int64))
    one_hot = F.one_hot(target, CLASSES).movedim(-1, 1).float().contiguous()
    band = torch.from_numpy(band_of(labels)[None].astype(np.float32))

    def step(loss):
        z.grad = None
        loss().backward()

    forget_peak()
    before = memory("VmRSS")
    step(lambda: cwcd(z, target, one_hot, band))
    held = memory("VmHWM") - before
    value = cwcd(z, target, one_hot, band).item()
    assert abs(value - ours["value"]) < 1e-4 * value, (value, ours["value"])
    plain = milliseconds(lambda: step(lambda: cwcd(z, target, one_hot, band)))
    entropy = milliseconds(lambda: step(lambda: F.cross_entropy(z, target)))
    start = time.perf_counter()
    expected = weights_by_class(case)
    edt = 1000 * (time.perf_counter() - start)
    assert abs(expected.sum() - map_ours["sum"]) < 1e-5 * expected.sum(), (expected.sum(), map_ours["sum"])

    fused = ours["fp32_ms"]
    bytes_moved = 3 * ours["gradient_mib"] * 2**20
    rows = [
        ("CWCD in plain PyTorch, fp32", plain, f"{plain / fused:.1f}", f"+{held:.0f} MiB"),
        ("cross entropy alone in PyTorch, fp32", entropy, f"{entropy / fused:.1f}", ""),
        ("Rind CWCD, fp32", fused, "1", f"+{ours['peak_mib']:.0f} MiB (gradient {ours['gradient_mib']:.0f})"),
        ("Rind CWCD, bf16", ours["bf16_ms"], f"{ours['bf16_ms'] / fused:.2f}", ""),
        ("Rind CWCD, fp32 channels-last", ours["fp32_channels_last_ms"],
         f"{ours['fp32_channels_last_ms'] / fused:.2f}", ""),
        ("Rind CWCD, bf16 channels-last", ours["bf16_channels_last_ms"],
         f"{ours['bf16_channels_last_ms'] / fused:.2f}", ""),
    ]
    text = ("# Losses, forward and backward, 1×16×64×128×128\n\n"
            f"`python3 bench/race_losses.py build/bin/race_losses`, {os.cpu_count()} cores, PyTorch "
            f"{torch.__version__.split('+')[0]}, SciPy {scipy.__version__}; fastest of 5 (PyTorch) and 40 runs, heap "
            "kept on both sides. Load of the machine before the run (1 min): "
            f"{os.getloadavg()[0]:.1f}; with more than its cores asked for, times of both sides are long.\n\n"
            "| | ms | × Rind fp32 | peak memory |\n|---|---|---|---|\n"
            + "".join(f"| {name} | {ms:.1f} | {ratio} | {memory} |\n" for name, ms, ratio, memory in rows)
            + f"\nRind's fp32 pass reads the logits twice and writes the gradient once: {1e-6 * bytes_moved / fused:.1f} "
            "GB/s; the bound is memory.\n\n"
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
