"""Starts, stops and compares trainings of the built program on a small built-in data set."""
import json
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

SETTINGS = {
    "data": "phantom:amos,cases=4,size=32x32x32",
    "patch": "32x32x32",
    "batch": "1",
    "base-channels": "4",
    "precision": "fp32",
    "device": "cpu",
    "threads": "1",
    "seed": "1",
    "checkpoint-seconds": "0",
}


class Trouble(Exception):
    """What a run did that it should not have done."""


class Training:
    """`rind train` in one folder."""

    def __init__(self, program, folder, epochs, environment=None, **settings):
        self.program, self.folder = program, Path(folder)
        self.settings = {**SETTINGS, "epochs": str(epochs), **{k.replace("_", "-"): str(v) for k, v in settings.items()}}
        self.environment = {**os.environ, "OMP_WAIT_POLICY": "passive", **(environment or {})}
        self.process = None
        self.errors = ""

    def start(self):
        if (self.folder / "run.json").exists():
            options = ["--resume"]
        else:
            options = [word for key, value in self.settings.items() for word in (f"--{key}", value)]
        command = [self.program, "train", "--out", str(self.folder), "--json", *options]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                        env=self.environment)
        return self

    def wait(self, seconds=300):
        _, self.errors = self.process.communicate(timeout=seconds)
        return self.process.returncode

    def finish(self):
        """Runs to the end, resuming where needed."""
        if (status := self.start().wait()) != 0:
            raise Trouble(f"{self.folder} ended with {status}: {self.errors.strip()[-400:]}")
        return self

    def signal(self, number):
        os.kill(self.process.pid, number)

    def wait_for(self, event, seconds=60):
        """Until events.jsonl has one of that name."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if any(e["event"] == event for e in self.events()):
                return
            if self.process.poll() is not None:
                raise Trouble(f"ended before an event \"{event}\": {self.process.stderr.read()[-400:]}")
            time.sleep(0.01)
        raise Trouble(f"no event \"{event}\" within {seconds} s")

    def events(self):
        file = self.folder / "events.jsonl"
        lines = file.read_text().splitlines() if file.exists() else []
        parsed = []
        for line in lines:
            try:
                parsed.append(json.loads(line))
            except json.JSONDecodeError:  # torn by a kill; resuming drops it
                pass
        return parsed

    def result(self):
        """What has to be equal bit for bit."""
        checkpoints = self.folder / "checkpoints"
        return {name: (checkpoints / name).read_bytes() for name in ("last.checkpoint", "best.weights")}

    def scores(self):
        """Losses and scores as recorded, without times."""
        kept = [(e["event"], e["step"], e["epoch"], json.dumps(e.get("loss")), json.dumps(e.get("validation")),
                 json.dumps(e.get("class_losses"))) for e in self.events() if e["event"] in ("step", "epoch")]
        return kept


def require_equal(found, reference):
    for name, expected in reference.result().items():
        if found.result()[name] != expected:
            raise Trouble(f"{found.folder}/checkpoints/{name} differs from an uninterrupted run's")
    if found.scores() != reference.scores():
        raise Trouble(f"{found.folder}/events.jsonl records other steps than an uninterrupted run")


def copy_of(training, folder):
    shutil.copytree(training.folder, folder)
    copy = Training(training.program, folder, 1)
    copy.settings = training.settings
    return copy


INTERRUPTED = 3
WRONG_INPUT = 2
KILLED = -signal.SIGKILL
