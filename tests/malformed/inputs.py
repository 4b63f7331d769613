"""What a malformed input is."""
import dataclasses


@dataclasses.dataclass
class Input:
    """`files` are written into a folder of its own: bytes or text, or a function of the path that makes it."""
    name: str
    files: dict
    # What is given to the program, below that folder.
    target: str
    # volume: inspect, contour or predict; data, label, split, model, output: see run_inputs.py.
    how: str = "volume"
    # What the error has to name; by default the target.
    named: str = ""
    # A changed bit may leave a sound file.
    may_pass: bool = False

    def __post_init__(self):
        self.named = self.named or self.target.rsplit("/", 1)[-1]


def volume(name, content, extension, beside=None, **more):
    target = "a" + extension
    return Input(f"{extension[1:]} {name}", {target: content, **(beside or {})}, target, **more)


def flipped(content, at, bit):
    changed = bytearray(content)
    changed[at] ^= 1 << bit
    return bytes(changed)
