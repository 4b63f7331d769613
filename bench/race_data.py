#!/usr/bin/env python3
"""Races reading and preparing real data against MONAI and SimpleITK in one run, each work in a process of its own.

    python3 bench/race_data.py build/bin/race_data FOLDER [--runs 5] [--out docs/figures/data.md]

FOLDER holds BraTS2018, AMOS_sample and Task04_Hippocampus. Needs numpy, torch, monai and SimpleITK. The mean square of
the result is compared before it is believed.
"""
import argparse
import glob
import json
import os
import resource
import subprocess
import sys
import time

PEERS = ("monai", "sitk")


def peak_mebibytes():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def brats_files(folder):
    first = sorted(glob.glob(os.path.join(folder, "BraTS2018", "*", "*_flair.nii*")) +
                   glob.glob(os.path.join(folder, "BraTS2018", "*_flair.nii*")))[0]
    return [first.replace("_flair", "_" + name) for name in ("flair", "t1", "t1ce", "t2")]


def amos_file(folder):
    listed = json.load(open(os.path.join(folder, "AMOS_sample", "dataset.json"), encoding="utf-8"))["training"][0]["image"]
    return os.path.join(folder, "AMOS_sample", listed)


def work_of_monai(work, folder):
    import torch
    from monai.transforms import Compose, EnsureChannelFirst, LoadImage, NormalizeIntensity, Spacing
    torch.set_num_threads(os.cpu_count())
    load = [LoadImage(image_only=True), EnsureChannelFirst()]
    if work == "brats":
        steps = Compose(load + [NormalizeIntensity(nonzero=True, channel_wise=True)], map_items=False)
        return lambda: steps(brats_files(folder)).numpy()
    steps = Compose(load + [Spacing((1, 1, 1), mode="bilinear"), NormalizeIntensity(channel_wise=True)])
    return lambda: steps(amos_file(folder)).numpy()


def work_of_sitk(work, folder):
    import numpy
    import SimpleITK as sitk

    def zscore(voxels, among):
        mean, deviation = among.mean(), among.std()
        return (voxels - mean) / deviation

    def one(name):
        voxels = sitk.GetArrayFromImage(sitk.ReadImage(name, sitk.sitkFloat32))
        inside = voxels != 0
        voxels[inside] = zscore(voxels[inside], voxels[inside])
        return voxels

    def resampled():
        image = sitk.ReadImage(amos_file(folder), sitk.sitkFloat32)
        size = [int(round(n * s)) for n, s in zip(image.GetSize(), image.GetSpacing())]
        voxels = sitk.GetArrayFromImage(sitk.Resample(image, size, sitk.Transform(), sitk.sitkLinear, image.GetOrigin(),
                                                      (1, 1, 1), image.GetDirection()))
        return zscore(voxels, voxels)

    return (lambda: numpy.stack([one(name) for name in brats_files(folder)])) if work == "brats" else resampled


def peer(name, work, folder, runs):
    """Prints what race_data prints."""
    import numpy
    run = (work_of_monai if name == "monai" else work_of_sitk)(work, folder)
    before, best = peak_mebibytes(), float("inf")
    for _ in range(runs):
        start = time.perf_counter()
        result = run()
        best = min(best, time.perf_counter() - start)
    after = peak_mebibytes()  # before the square, which is not part of the work
    flat = result.reshape(-1)
    square = float(numpy.dot(flat, flat)) / flat.size
    print(json.dumps({"ms": 1000 * best, "mib": after - before, "square": square}))


def measured(command):
    return json.loads(subprocess.check_output([str(word) for word in command]).splitlines()[-1])


def row(work, theirs, ours):
    cells = [f"{theirs[name]['ms']:.0f} ms, +{theirs[name]['mib']} MiB" for name in PEERS]
    ratio = theirs["monai"]["ms"] / ours["ms"]
    memory = ours["mib"] / theirs["monai"]["mib"]
    return f"| {work} | {cells[0]} | {cells[1]} | {ours['ms']:.0f} ms, +{ours['mib']} MiB | {ratio:.1f}× | {memory:.2f} |\n"


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("engine", help="the built race_data")
    arguments.add_argument("folder")
    arguments.add_argument("--runs", type=int, default=5)
    arguments.add_argument("--out")
    arguments.add_argument("--peer", help=argparse.SUPPRESS)
    arguments.add_argument("--work", help=argparse.SUPPRESS)
    given = arguments.parse_args()
    if given.peer:
        return peer(given.peer, given.work, given.folder, given.runs)
    rows = ""
    for work, data, what in (("brats", "BraTS2018", "BraTS case, four modalities, 1 mm: read, Z-score within the brain"),
                             ("amos", "AMOS_sample", "AMOS sample CT, 3 mm to 1 mm: read, resample, Z-score")):
        theirs = {name: measured([sys.executable, __file__, given.engine, given.folder, "--peer", name, "--work", work,
                                  "--runs", given.runs]) for name in PEERS}
        ours = measured([given.engine, work, os.path.join(given.folder, data), given.runs])
        for name in PEERS:
            assert abs(theirs[name]["square"] - ours["square"]) < 0.01, (work, name, theirs[name], ours)
        rows += row(what, theirs, ours)
    patch = measured([given.engine, "patch", os.path.join(given.folder, "BraTS2018"), given.runs])
    check = measured([given.engine, "check", os.path.join(given.folder, "Task04_Hippocampus"), given.runs])
    import monai
    import SimpleITK
    text = (f"`python3 bench/race_data.py build/bin/race_data FOLDER`, {os.cpu_count()} cores, MONAI {monai.__version__}, "
            f"SimpleITK {SimpleITK.Version.VersionString()}; fastest of {given.runs} runs in a process of its own, memory "
            "beyond what it had before the first. The mean squares of the results agree.\n\n"
            "| work | MONAI | SimpleITK | Rind | MONAI / Rind | memory, Rind / MONAI |\n|---|---|---|---|---|---|\n" + rows +
            "\n| work | Rind | wanted |\n|---|---|---|\n"
            f"| a prepared BraTS case opened, a patch of 4 x 32 x 64 x 64 with labels and depth copied, warm | {patch['ms']:.2f} ms "
            "| 5 ms |\n"
            f"| checking 200 hippocampus cases, band share at n = 6 included | {check['ms'] / 1000:.2f} s | 6 s |\n")
    print(text)
    if given.out:
        start, end = "<!-- race -->\n", "<!-- /race -->\n"
        page = open(given.out, encoding="utf-8").read() if os.path.exists(given.out) else f"# Data: figures\n\n{start}{end}"
        head, tail = page.split(start)[0], page.split(end)[1]
        with open(given.out, "w", encoding="utf-8") as out:
            out.write(head + start + text + end + tail)


if __name__ == "__main__":
    main()
