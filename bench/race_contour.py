#!/usr/bin/env python3
"""Races the depth map against SciPy in one run: all classes' bands, s = 3, n = 6, 15 organs, zero border.

    python3 bench/race_contour.py build/bin/race_contour [--out docs/figures/contour.md]

Needs numpy and scipy. The bands of all three are compared voxel by voxel before anything is timed.
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

CUBE = np.ones((3, 3, 3), bool)


def organs(shape, count=15, seed=3):
    rng = np.random.default_rng(seed)
    labels = np.zeros(shape, np.uint8)
    grid = np.ogrid[: shape[0], : shape[1], : shape[2]]
    for j in range(1, count + 1):
        centre = [n * rng.uniform(0.2, 0.8) for n in shape]
        radius = [n * rng.uniform(0.04, 0.17) for n in shape]
        labels[sum(((g - c) / r) ** 2 for g, c, r in zip(grid, centre, radius)) <= 1] = j
    return labels


def by_class(labels, n):
    band = np.zeros(labels.shape, bool)
    for j in range(1, labels.max() + 1):
        mask = labels == j
        band |= mask & ~ndimage.binary_erosion(mask, CUBE, n)
    return band


def in_boxes(labels, n):
    band = np.zeros(labels.shape, bool)
    for j, box in enumerate(ndimage.find_objects(labels), 1):
        if box is None:
            continue
        mask = labels[box] == j  # what lies outside the box is outside the class: the same as the zero border
        band[box] |= mask & ~ndimage.binary_erosion(mask, CUBE, n)
    return band


def milliseconds(work, runs=3):
    best = float("inf")
    for _ in range(runs):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return 1000 * best


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("engine", help="the built race_contour")
    arguments.add_argument("--out")
    given = arguments.parse_args()
    lines = ["| volume | SciPy class by class | SciPy within class boxes | Rind: bands | Rind: depth map | "
             "Rind: map, then bands from it | bands × class by class | bands × within boxes | GB/s of the bands |",
             "|---|---|---|---|---|---|---|---|---|"]
    for shape in ((96, 256, 256), (256, 256, 256)):
        labels = organs(shape)
        with tempfile.TemporaryDirectory() as folder:
            file = os.path.join(folder, "labels.npy")
            np.save(file, labels)
            ours = json.loads(subprocess.check_output([given.engine, file, "6", "40"]))
        expected = by_class(labels, 6)
        assert (expected == in_boxes(labels, 6)).all() and expected.sum() == ours["band_voxels"]
        plain, boxes = milliseconds(lambda: by_class(labels, 6)), milliseconds(lambda: in_boxes(labels, 6))
        bands = ours["band_ms"]
        lines.append(f"| {'×'.join(map(str, shape))} | {plain:.0f} ms | {boxes:.1f} ms | {bands:.2f} ms | "
                     f"{ours['map_ms']:.2f} ms | {ours['map_and_band_ms']:.2f} ms | {plain / bands:.0f} | "
                     f"{boxes / bands:.1f} | {2e-6 * labels.size / bands:.1f} |")
    text = ("# All classes' bands, s = 3, n = 6, 15 organs\n\n"
            f"`python3 bench/race_contour.py build/bin/race_contour`, {os.cpu_count()} cores, SciPy {scipy.__version__}, "
            "fastest of 3 (SciPy) and 40 runs. GB/s counts one read of the labels and one write of the bands; memory gives about 50 (read) and 60 (streaming copy).\n\n"
            + "\n".join(lines) + "\n")
    print(text)
    if given.out:
        os.makedirs(os.path.dirname(given.out), exist_ok=True)
        with open(given.out, "w", encoding="utf-8") as out:
            out.write(text)


if __name__ == "__main__":
    main()
