#!/usr/bin/env python3
"""Does to trainings what machines do, and compares the end with an uninterrupted run.

    python3 tests/torture/torture.py build/bin/rind [--long] [--only NAME …] [--seed N]

The short version belongs to the tests; the long one is `./dev torture`.
"""
import argparse
import os
import queue
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from training import INTERRUPTED, KILLED, WRONG_INPUT, Training, Trouble, copy_of, require_equal
from worker import Worker


class Torture:
    def __init__(self, program, folder, long, seed):
        self.program, self.folder, self.long = program, Path(folder), long
        self.random = random.Random(seed)
        self.reference = Training(program, self.folder / "reference", 20 if long else 2).finish()

    def training(self, name, **settings):
        return Training(self.program, self.folder / name, int(self.reference.settings["epochs"]), **settings)

    def kills(self):
        """kill -9 at random moments, each followed by a resume."""
        wanted = 100 if self.long else 5
        killed = 0
        training = self.training("killed")
        while killed < wanted:
            training.start()
            try:
                training.process.wait(self.random.uniform(0.05, 1.2 if self.long else 0.8))
            except subprocess.TimeoutExpired:
                training.signal(signal.SIGKILL)
            status = training.wait()
            if status == 0:
                require_equal(training, self.reference)
                shutil.rmtree(training.folder)
            elif status == KILLED:
                killed += 1
            else:
                raise Trouble(f"a resumed run ended with {status}: {training.errors}")
        require_equal(training.finish(), self.reference)
        return f"{killed} kills"

    def signals(self):
        """SIGINT and SIGTERM save and exit 3."""
        numbers = (signal.SIGINT, signal.SIGTERM) if self.long else (signal.SIGTERM,)
        for number in numbers:
            training = self.training(f"signal_{number.name}").start()
            training.wait_for("step")
            training.signal(number)
            if (status := training.wait()) != INTERRUPTED:
                raise Trouble(f"{number.name} ended with {status}: {training.errors}")
            require_equal(training.finish(), self.reference)
        return ", ".join(number.name for number in numbers)

    def hang_ups(self):
        """SIGTERM and SIGHUP end a worker, whose training is saved."""
        for number in (signal.SIGTERM, signal.SIGHUP):
            training = self.training(f"worker_{number.name}")
            worker = Worker(self.program)
            worker.command("start", config=training.settings, run=str(training.folder))
            worker.wait_for("step")
            worker.process.send_signal(number)
            if (status := worker.process.wait(timeout=60)) != 0:
                raise Trouble(f"{number.name} ended a worker with {status}")
            last = training.events()[-1]
            if last["event"] != "ended" or last.get("reason") not in ("stopped", "finished"):
                raise Trouble(f"{number.name} ended a worker whose training was not saved: {last}")
            require_equal(training.finish(), self.reference)
        return "saved"

    def two_trainers(self):
        """The second is refused with the first one's host and process named."""
        first = self.training("two").start()
        first.wait_for("step")
        first.signal(signal.SIGSTOP)  # so that it does not end meanwhile
        second = self.training("two").start()
        status = second.wait()
        first.signal(signal.SIGCONT)
        if status != WRONG_INPUT or f"process {first.process.pid}" not in second.errors:
            raise Trouble(f"a second trainer ended with {status}: {second.errors}")
        first.wait()
        require_equal(first, self.reference)
        return "the second was refused"

    def flipped_bytes(self):
        """One byte of a checkpoint differs: it is noticed, and the one before is used."""
        count = 200 if self.long else 2
        for i in range(count):
            training = copy_of(self.reference, self.folder / f"flipped_{i}")
            file = training.folder / "checkpoints" / "last.checkpoint"
            content = bytearray(file.read_bytes())
            content[self.random.randrange(len(content))] ^= self.random.randrange(1, 256)
            file.unlink()  # it has a second name, whose content stays
            file.write_bytes(content)
            training.finish()
            if not any("older checkpoint" in e.get("text", "") for e in training.events()):
                raise Trouble("a damaged checkpoint was not noticed")
            require_equal(training, self.reference)
            shutil.rmtree(training.folder)
        return f"{count} bytes"

    def stopped_process(self):
        """SIGSTOP and SIGCONT change nothing."""
        training = self.training("asleep").start()
        training.wait_for("step")
        training.signal(signal.SIGSTOP)
        time.sleep(60 if self.long else 0.5)
        training.signal(signal.SIGCONT)
        if (status := training.wait()) != 0:
            raise Trouble(f"ended with {status}: {training.errors}")
        require_equal(training, self.reference)
        return "slept and went on"

    def full_disk(self):
        """A file system that is full pauses training; with room again it goes on to the same end."""
        mount = self.folder / "small_disk"
        mount.mkdir()
        size = "64m" if self.long else "40m"
        if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "none", mount], capture_output=True).returncode:
            return "left out: mounting a small file system is not permitted here"
        try:
            return self.fill_and_free(mount)
        finally:
            subprocess.run(["umount", "-l", mount], check=False)

    def fill_and_free(self, mount):
        training = Training(self.program, mount / "run", int(self.reference.settings["epochs"]))
        training.start()
        training.wait_for("step")
        filler = mount / "filler"
        with open(filler, "wb", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(4096))
            except OSError:
                pass
        time.sleep(3)
        if training.process.poll() is not None:
            raise Trouble(f"ended on a full disk: {training.process.stderr.read()}")
        filler.unlink()
        if (status := training.wait()) != 0:
            raise Trouble(f"ended with {status}: {training.errors}")
        if "No space left" not in training.errors:
            raise Trouble("training did not say that the disk was full")
        require_equal(training, self.reference)
        return "paused, then went on"

    def bad_case(self):
        """A prepared case that is cut short half-way is named."""
        cache = self.folder / "cache"
        training = self.training("bad", environment={"XDG_CACHE_HOME": str(cache), "RIND_CACHE": str(cache)})
        training.settings["epochs"] = "500"
        training.start()
        training.wait_for("step")
        images = list(cache.rglob("image.raw"))
        if not images:
            training.signal(signal.SIGKILL)
            training.wait()
            return "left out: the cache of prepared cases was not found"
        for image in images:  # replaced, as a copy that failed would be: a map of the old one stays whole
            image.unlink()
            image.write_bytes(b"short")
        status = training.wait()
        if status != WRONG_INPUT or not any(image.parent.name in training.errors for image in images):
            raise Trouble(f"a broken case ended it with {status}: {training.errors}")
        return "named"

    def many_changes(self):
        """24 changes a second, as from a slider: each gets its reply, and a replay gives the same weights."""
        seconds = 60 if self.long else 1
        worker = Worker(self.program)
        training = self.training("changed")
        training.settings["epochs"] = str(100 * seconds)
        worker.command("start", config=training.settings, run=str(training.folder))
        worker.wait_for("step")
        for i in range(24 * seconds):
            worker.command("set", changes={"lambda": round(self.random.random(), 3), "alpha": i % 5})
            time.sleep(1 / 24)
        worker.command("set", changes={"epochs": worker.epoch + 1})
        worker.wait_for("ended")
        worker.close()
        again = self.folder / "replayed"
        subprocess.run([self.program, "train", "--config", training.folder / "run.json", "--replay",
                        training.folder / "events.jsonl", "--out", again], check=True, capture_output=True)
        if (again / "checkpoints/last.checkpoint").read_bytes() != training.result()["last.checkpoint"]:
            raise Trouble("a replay of the changes gave other weights")
        return f"{24 * seconds} changes, replayed"

    def malformed_messages(self):
        """The worker answers each with an error and goes on."""
        count = 10000 if self.long else 500
        worker = Worker(self.program)
        worker.send_garbage(count, self.random)
        worker.command("hello", version=1)
        worker.close()
        return f"{count} messages"


PARTS = ("kills", "signals", "hang_ups", "two_trainers", "flipped_bytes", "stopped_process", "full_disk", "bad_case",
         "many_changes", "malformed_messages")


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("program")
    arguments.add_argument("--long", action="store_true")
    arguments.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    arguments.add_argument("--seed", type=int, default=1)
    given = arguments.parse_args()
    failed = 0
    with tempfile.TemporaryDirectory(prefix="rind-torture-") as folder:
        torture = Torture(os.path.abspath(given.program), folder, given.long, given.seed)
        for part in given.only:
            start = time.monotonic()
            try:
                outcome = getattr(torture, part)()
            except (Trouble, OSError, subprocess.SubprocessError, queue.Empty) as trouble:
                outcome, failed = f"FAILED: {trouble}", failed + 1
            print(f"{part.replace('_', ' ')}: {outcome} ({time.monotonic() - start:.1f} s)", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
