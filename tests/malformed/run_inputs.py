#!/usr/bin/env python3
"""Gives malformed inputs to the built program and checks what it says of each.

    run_inputs.py RIND [--thorough] [--keep FOLDER] [--only WORDS] [--no-memory-limit] [--start-once LIBRARY]

Each has to end with exit status 2 and one line "rind: error: FILE: what is wrong; what to do", in bounded time and
memory, writing nothing. All volumes are looked at in folders by `rind inspect`, which has to list each as a problem.
Starting the program takes most of the time, so only some inputs get a command to themselves; --thorough gives each
to every command.
"""
import argparse
import concurrent.futures
import dataclasses
import json
import os
import pathlib
import resource
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading

from folder_inputs import folder_inputs
from formats import nifti1
from volume_inputs import volume_inputs

MOST_SECONDS = 20
MOST_MEBIBYTES = 700
ADDRESS_SPACE = 8 << 30
NOBODY = 65534


@dataclasses.dataclass
class Outcome:
    status: int
    output: str
    errors: str
    mebibytes: int


def write(folder, files):
    forbidden = []
    for name, content in files.items():
        path = folder / name.rstrip("?")
        if name.endswith("?"):
            forbidden.append(path)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        if name.endswith("/"):
            path.mkdir(exist_ok=True)
        elif callable(content):
            path.unlink(missing_ok=True)
            content(path)
        elif content is not None:
            path.write_bytes(content.encode() if isinstance(content, str) else content)
    for path in forbidden:
        path.chmod(0)


class Program:
    """The program, started for each run, or once for all of them (start_once.cpp) where that library is given."""

    def __init__(self, path, workplace, limit_memory, start_once=None):
        self.path, self.limit_memory = path, limit_memory
        self.environment = {**os.environ, "OMP_NUM_THREADS": "1", "XDG_CACHE_HOME": str(workplace / "cache")}
        self.tasks = self.started_once(os.path.abspath(start_once)) if start_once else None

    def started_once(self, library):
        tasks, others = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        environment = {**self.environment, "LD_PRELOAD": library, "RIND_START_ONCE": str(others.fileno())}
        subprocess.Popen([self.path], stdin=subprocess.DEVNULL, pass_fds=[others.fileno()], env=environment)
        others.close()
        return tasks

    def limits(self, user):
        def apply():
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
            if self.limit_memory:
                resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
            if user is not None:
                os.setgroups([])
                os.setgid(user)
                os.setuid(user)
        return apply

    def start(self, arguments, user, out, err):
        """Runs it to its end; its status as wait4 has it, and the most KiB it held."""
        process = subprocess.Popen([self.path, *arguments], stdout=out, stderr=err, stdin=subprocess.DEVNULL,
                                   preexec_fn=self.limits(user), env=self.environment)
        alarm = threading.Timer(MOST_SECONDS, process.kill)  # blocked, as by a pipe, takes no processor time
        alarm.start()
        _, status, used = os.wait4(process.pid, 0)
        alarm.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        return status, used.ru_maxrss

    def copy(self, arguments, user, out, err):
        """The same, by a copy of the program that was started once."""
        answers, others = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        words = [-1 if user is None else user, ADDRESS_SPACE if self.limit_memory else -1, MOST_SECONDS, self.path, *arguments]
        socket.send_fds(self.tasks, [b"".join(os.fsencode(str(word)) + b"\0" for word in words)],
                        [out.fileno(), err.fileno(), others.fileno()])
        others.close()
        with answers:
            process, _ = struct.unpack("ll", answers.recv(16))
            alarm = threading.Timer(MOST_SECONDS, os.kill, (process, signal.SIGKILL))
            alarm.start()
            status, kibibytes = struct.unpack("ll", answers.recv(16))
            alarm.cancel()
        return status, kibibytes

    def run(self, arguments, user=None):
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            status, kibibytes = (self.copy if self.tasks else self.start)(list(map(str, arguments)), user, out, err)
            out.seek(0), err.seek(0)
            return Outcome(os.waitstatus_to_exitcode(status), out.read().decode(errors="replace"),
                           err.read().decode(errors="replace"), kibibytes // 1024)


def complaint(outcome, named, may_pass=False):
    """What is wrong with an outcome, or nothing."""
    if outcome.mebibytes > MOST_MEBIBYTES:
        return f"took {outcome.mebibytes} MiB"
    if may_pass and outcome.status == 0:
        return ""
    if outcome.status != 2:
        return f"exit status {outcome.status}, said: {outcome.errors[:300]}"
    lines = outcome.errors.splitlines()
    if len(lines) != 1 or not lines[0].startswith("rind: error: "):
        return f"said {len(lines)} lines: {outcome.errors[:300]}"
    if lines[0].count(": ") < 3 or "; " not in lines[0] or len(lines[0]) > 1000:
        return f"is not FILE: what; what to do: {lines[0][:300]}"
    if named not in lines[0]:
        return f"does not name {named}: {lines[0]}"
    return ""


class Runner:
    def __init__(self, program, folder, options):
        self.program, self.folder, self.options = program, folder, options
        self.outcomes = {}

    def arguments(self, given, place, number):
        target, output = place / given.target, place / "output.nii.gz"
        volume = [["inspect", "--data", target], ["contour", "--labels", target, "--output", output],
                  ["predict", "--model", self.folder / "run", "--input", target, "--output", output],
                  ["evaluate", "--reference", target, "--prediction", target, "--output", place / "scores.csv"]]
        train = ["train", "--out", place / "trained", "--steps", 1, "--base-channels", 2, "--patch", "16x16x16"]
        return {
            "volume": volume if self.options.thorough else [volume[number % 3]],
            "data": [["inspect", "--data", target]],
            "forbidden": [["inspect", "--data", target]],
            "train": [[*train, "--data", target]],
            "split": [[*train, "--data", place / "data", "--split", target]],
            "model": [["predict", "--model", target, "--input", self.folder / "sound.nii", "--output", output]],
            "evaluate": [["evaluate", "--reference", place / "reference.nii", "--prediction", target, "--output", place / "scores.csv"]],
        }[given.how]

    def check(self, given, number):
        place = self.folder / f"{number:03}"
        place.mkdir()
        write(place, given.files)
        user = NOBODY if given.how == "forbidden" and os.getuid() == 0 else None
        complaints = []
        for arguments in self.arguments(given, place, number):
            outcome = self.program.run(arguments, user)
            wrong = complaint(outcome, given.named, given.may_pass)
            written = [name for name in ("output.nii.gz", "scores.csv", "trained") if (place / name).exists()]
            if not wrong and written and outcome.status:
                wrong = f"left {written}"
            if wrong:
                complaints.append(f"{place.name} {given.name}: {arguments[0]} {wrong}")
            elif self.options.verbose:
                print(f"{place.name} {given.name}: {arguments[0]}: {outcome.status} {outcome.errors.strip()}")
        return complaints

    def check_together(self, volumes, number):
        """A folder of volumes, each of which `rind inspect` has to list as a problem."""
        place = self.folder / f"together_{number}"
        names = {}
        for i, given in enumerate(volumes):
            names[f"{i:03}{given.target[1:]}"] = given
            write(place, {f"{i:03}{given.target[1:]}": next(iter(given.files.values()))})
        outcome = self.program.run(["inspect", "--data", place, "--json"])
        if outcome.status != 2:
            return [f"{place.name}: {complaint(outcome, '')}"]
        problems = json.loads(outcome.output.splitlines()[-1])["problems"]
        bad = {os.path.basename(problem["file"] or "") for problem in problems if problem["severity"] == "error"}
        return [f"{place.name}/{name} {given.name}: not listed" for name, given in names.items()
                if name not in bad and not given.may_pass]


def tasks(runner, run):
    volumes = [given for given in volume_inputs() if len(given.files) == 1 and not given.target.endswith(".dcm")]
    alone = [given for given in volume_inputs() if given.target.endswith(".dcm") or len(given.files) > 1]
    rest = [given for given in volumes if given not in alone]
    inputs = rest[::1 if runner.options.thorough else 6] + (alone + list(folder_inputs(run)))[::1 if runner.options.thorough else 2]
    if os.getuid() == 0 and not can_run_as_nobody(runner.program):
        print("inputs without permission left out: the program cannot be run as another user")
        inputs = [given for given in inputs if given.how != "forbidden"]
    for number, given in enumerate(inputs):
        if runner.options.only in given.name:
            yield lambda given=given, number=number: runner.check(given, number)
    if not runner.options.only:
        for start in range(0, len(volumes), 40):
            yield lambda start=start: runner.check_together(volumes[start:start + 40], start)
    print(f"{len(volumes)} volumes in folders, {len(inputs)} inputs by themselves")


def can_run_as_nobody(program):
    return program.run(["--version"], NOBODY).status == 0


def sound_run(program, folder):
    outcome = program.run(["train", "--data", "phantom:amos,cases=2,size=16x16x16", "--out", folder / "run", "--steps", 1,
                           "--base-channels", 2, "--patch", "16x16x16"])
    if outcome.status:
        sys.exit(f"no run could be made: {outcome.errors}")
    (folder / "sound.nii").write_bytes(nifti1())
    return {str(path.relative_to(folder / "run")): path.read_bytes() for path in (folder / "run").rglob("*") if path.is_file()}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("--thorough", action="store_true")
    parser.add_argument("--keep", type=pathlib.Path)
    parser.add_argument("--only", default="")
    parser.add_argument("--no-memory-limit", action="store_true")
    parser.add_argument("--start-once", type=pathlib.Path)
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    folder = options.keep or pathlib.Path(tempfile.mkdtemp(prefix="rind-malformed-"))
    folder.mkdir(exist_ok=True)
    folder.chmod(0o755)
    (folder / "cache").mkdir(mode=0o777)
    program = Program(os.path.abspath(options.program), folder, not options.no_memory_limit, options.start_once)
    runner = Runner(program, folder, options)
    complaints = []
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for found in pool.map(lambda task: task(), list(tasks(runner, sound_run(program, folder)))):
            complaints += found
            for line in found:
                print(line, flush=True)
    if not options.keep:
        shutil.rmtree(folder)
    sys.exit(f"{len(complaints)} are not refused as they should be" if complaints else 0)


if __name__ == "__main__":
    main()
