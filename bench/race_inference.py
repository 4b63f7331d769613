#!/usr/bin/env python3
"""Races a sliding window over 1x96x256x256, turn by turn in one run: Rind, and MONAI's sliding_window_inference with its
BasicUNet and with the paper's U-Net in PyTorch: fp32, bf16 channels-last, and that with the heap kept. Windows of
64x128x128, overlap 0.5, Gaussian, 16 classes, random weights, batch 1.

    python3 bench/race_inference.py build/bin/race_inference [--rounds 2] [--out docs/figures/inference.md]

Needs torch and monai. Each contestant is a process of its own; only one computes at a time.
"""
import argparse
import os
import sys
import time

from race_step import CLASSES, KEPT_HEAP, Contestant, answer, paper_unet, processor, publish, take_turns

VOLUME, WINDOW = (96, 256, 256), (64, 128, 128)
WIDTHS = (16, 32, 64, 128, 256, 16)  # BasicUNet's levels as the paper's, and the last one up


def peer(name, precision):
    """A contestant in Python: a line in, that many volumes, a line of JSON out."""
    import torch
    from monai.inferers import sliding_window_inference
    from monai.networks.nets import BasicUNet

    torch.set_num_threads(os.cpu_count())
    torch.manual_seed(1)
    network = BasicUNet(3, 1, CLASSES, features=WIDTHS) if name == "monai" else paper_unet(torch)
    network.eval()
    image = torch.randn(1, 1, *VOLUME)
    half = precision == "bf16"
    if half:
        network = network.to(memory_format=torch.channels_last_3d)

    def forward(windows):
        if half:
            windows = windows.contiguous(memory_format=torch.channels_last_3d)
        with torch.autocast("cpu", torch.bfloat16, enabled=half):
            return network(windows).float()

    for line in sys.stdin:
        times = []
        for _ in range(int(line)):
            start = time.perf_counter()
            with torch.inference_mode():
                sliding_window_inference(image, WINDOW, 1, forward, overlap=0.5, mode="gaussian").argmax(1).byte()
            times.append(1000 * (time.perf_counter() - start))
        answer(times, version=torch.__version__)


def contestants(engine, only):
    yield Contestant("Rind, as it chooses", [engine, "auto"])
    yield Contestant("Rind fp32", [engine, "fp32"])
    for name, label in (("monai", "MONAI BasicUNet"), ("unet", "MONAI's window, paper's U-Net")):
        for precision, heap, how in (("fp32", None, "fp32"), ("bf16", None, "bf16 channels-last"),
                                     ("bf16", KEPT_HEAP, "bf16 channels-last, heap kept")):
            if only in f"{label}, {how}":
                yield Contestant(f"{label}, {how}",
                                 [sys.executable, __file__, "--peer", name, "--precision", precision], heap)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("engine", nargs="?", help="the built race_inference")
    arguments.add_argument("--rounds", type=int, default=2)
    arguments.add_argument("--only", default="", help="race the peers whose name holds this")
    arguments.add_argument("--out")
    arguments.add_argument("--peer")
    arguments.add_argument("--precision", default="fp32")
    given = arguments.parse_args()
    if given.peer:
        return peer(given.peer, given.precision)
    racing = list(contestants(given.engine, given.only))
    for one in racing:
        one.run(0)  # answers when it has loaded, so that nobody loads while another computes
    take_turns(racing, given.rounds, 1)
    publish(racing, "A sliding window: 1×96×256×256, windows of 64×128×128, overlap 0.5, Gaussian, 16 classes",
            f"`python3 bench/race_inference.py build/bin/race_inference --rounds {given.rounds}`: {processor()}, "
            f"PyTorch {racing[-1].last['version']}; median of {given.rounds}, turn by turn in one run, no warm-up.", given.out)


if __name__ == "__main__":
    main()
