#!/usr/bin/env python3
"""Watches a training (bench/epoch.cpp) after its first epoch: a step's time, the share of it that was waiting for data,
and on a GPU how much of the time the GPU was busy, as nvidia-smi counts it.

    python3 bench/watch_epoch.py build/bin/epoch [--device cuda] [--edge 128] [--epochs 6]
"""
import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading


def sample_busy(stop, busy):
    """Appends the percentages of nvidia-smi, five a second, until `stop` is set."""
    smi = subprocess.Popen(["nvidia-smi", "--query-gpu=utilization.gpu", "--format=csv,noheader,nounits", "-lms", "200"],
                           stdout=subprocess.PIPE, text=True)
    for line in smi.stdout:
        if stop.is_set():
            break
        if line.strip().isdigit():
            busy.append(int(line))
    smi.terminate()


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("program", help="the built epoch")
    arguments.add_argument("--device", default="cpu")
    arguments.add_argument("--edge", type=int, default=128)
    arguments.add_argument("--epochs", type=int, default=6)
    given = arguments.parse_args()
    stop, busy, times, waited, where, warnings, watcher = threading.Event(), [], [], [], "", [], None
    with tempfile.TemporaryDirectory() as folder:
        command = [given.program, f"{folder}/run", given.device, str(given.edge), str(given.epochs)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
            epochs = 0
            for line in program.stdout:
                told = json.loads(line)
                warnings += [told["warning"]] if "warning" in told else []
                where = told["text"] if told.get("state") == "running" else where
                if "epoch" in told:
                    epochs += 1
                    waited += [told["waited"]] if epochs > 1 else []
                    if epochs == 1 and given.device.startswith("cuda") and shutil.which("nvidia-smi"):
                        watcher = threading.Thread(target=sample_busy, args=(stop, busy))
                        watcher.start()
                    if epochs == given.epochs - 1:
                        stop.set()  # before the end's own idleness
                elif "step" in told and epochs > 0:
                    times.append(told["ms"])
        stop.set()
        if watcher:
            watcher.join()
        if program.returncode != 0:
            sys.exit(f"{given.program} ended with status {program.returncode}")
    print(f"| a training on {where} | |\n|---|---|")
    print(f"| a step, median of {len(times)} | {statistics.median(times):.1f} ms |")
    print(f"| of an epoch's steps, waiting for data, at most | {100 * max(waited):.2f} % |")
    if busy:
        print(f"| GPU busy, mean of {len(busy)} samples | {statistics.mean(busy[1:] or busy):.1f} % |")
    for warning in warnings:
        print(f"\nwarning: {warning}")


if __name__ == "__main__":
    main()
