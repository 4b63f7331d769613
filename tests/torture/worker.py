"""A peer of `rind worker`: sends commands, reads replies and events."""
import json
import os
import queue
import subprocess
import threading

from training import Trouble


class Worker:
    def __init__(self, program):
        self.process = subprocess.Popen([program, "worker"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        env={**os.environ, "OMP_WAIT_POLICY": "passive"})
        self.replies, self.events = queue.Queue(), queue.Queue()
        self.number = self.epoch = 0
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        for line in self.process.stdout:
            message = json.loads(line)
            self.process.stdout.read(message.get("payload", 0))
            if "reply" in message or "ok" in message:
                self.replies.put(message)
            else:
                self.epoch = max(self.epoch, message.get("epoch", 0))
                self.events.put(message)

    def send(self, data):
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def command(self, name, **fields):
        self.number += 1
        self.send(json.dumps({"command": name, "id": self.number, **fields}).encode() + b"\n")
        reply = self.replies.get(timeout=60)
        if not reply.get("ok"):
            raise Trouble(f"{name} was refused: {reply}")
        return reply

    def wait_for(self, event, seconds=300):
        while self.events.get(timeout=seconds).get("event") != event:
            pass

    def send_garbage(self, count, rng):
        """Each gets one reply, an error."""
        for _ in range(count):
            kind = rng.randrange(4)
            if kind == 0:
                line = bytes(rng.choice(range(32, 256)) for _ in range(rng.randrange(1, 60)))
            elif kind == 1:
                line = json.dumps({"command": "set", "id": 1, "changes": rng.choice([3, None, [], "x"])}).encode()
            elif kind == 2:
                line = json.dumps({"command": "start", "id": "one", "config": {"data": 3, "batch": -1}}).encode()
            else:
                line = b'{"command": "start", "id": 1' + b"[" * rng.randrange(1, 40)
            self.send(line.replace(b"\n", b" ") + b"\n")
            if self.replies.get(timeout=60).get("ok"):
                raise Trouble(f"was taken for a command: {line!r}")

    def close(self):
        self.process.stdin.close()
        if self.process.wait(timeout=60) != 0:
            raise Trouble(f"the worker ended with {self.process.returncode}")
