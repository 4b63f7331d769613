#!/usr/bin/env python3
"""Races one training step, turn by turn in one run: Rind, the paper's U-Net in PyTorch (default heap and heap kept)
and MONAI's BasicUNet, each in fp32 and in bf16 channels-last. 1x1x64x128x128, 16 classes, CWCD, Adam.

    python3 bench/race_step.py build/bin/race_step [--rounds 5] [--edge 128] [--device cpu] [--out docs/figures/step.md]

Needs torch and monai. Each contestant is a process of its own; only one computes at a time.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import time

CLASSES = 16
KEPT_HEAP = {"MALLOC_MMAP_THRESHOLD_": str(1 << 30), "MALLOC_TRIM_THRESHOLD_": str(1 << 34), "MALLOC_TOP_PAD_": str(1 << 28)}


def paper_unet(torch):
    """As the method's text: twice (convolution, ReLU, BatchNorm) a level, 16 to 256 channels, transposed convolutions."""
    nn = torch.nn

    def level(a, b):
        return nn.Sequential(nn.Conv3d(a, b, 3, padding=1), nn.ReLU(inplace=True), nn.BatchNorm3d(b),
                             nn.Conv3d(b, b, 3, padding=1), nn.ReLU(inplace=True), nn.BatchNorm3d(b))

    class UNet(nn.Module):
        def __init__(self):
            super().__init__()
            widths = [16, 32, 64, 128, 256]
            self.down = nn.ModuleList(level(a, b) for a, b in zip([1, *widths], widths))
            self.expand = nn.ModuleList(nn.ConvTranspose3d(2 * w, w, 2, 2) for w in reversed(widths[:-1]))
            self.up = nn.ModuleList(level(2 * w, w) for w in reversed(widths[:-1]))
            self.head = nn.Conv3d(16, CLASSES, 1)

        def forward(self, x):
            skips = []
            for i, down in enumerate(self.down):
                x = down(torch.max_pool3d(x, 2) if i else x)
                skips.append(x)
            skips.pop()
            for expand, up in zip(self.expand, self.up):
                x = up(torch.cat([skips.pop(), expand(x)], 1))
            return self.head(x)

    return UNet()


def cwcd(torch, logits, index, band):
    """CWCD as one writes it in PyTorch (paper's preset)."""
    f = torch.nn.functional
    axes = (0, 2, 3, 4)
    foreground = band * (index > 0)
    entropy = f.cross_entropy(logits, index, reduction="none")
    p = torch.softmax(logits, 1)[:, 1:]
    g = f.one_hot(index, CLASSES).permute(0, 4, 1, 2, 3)[:, 1:].float()
    inside = g * foreground[:, None]
    total = ((1 + 2 * foreground) * entropy).mean()
    for mask in (inside, 1 - inside):
        overlap, size = (p * g * mask).sum(axes), (p * mask).sum(axes) + (g * mask).sum(axes)
        total = total + 0.5 * (1 - (2 * overlap + 1e-3) / (size + 1e-3)).mean()
    return total


def peer(name, precision, edge, device):
    """A contestant in Python: a line in, that many steps, a line of JSON out."""
    import torch

    torch.set_num_threads(os.cpu_count())
    torch.manual_seed(1)
    if name == "monai":
        from monai.networks.nets import BasicUNet
        network = BasicUNet(3, 1, CLASSES)
    else:
        network = paper_unet(torch)
    shape = (1, edge // 2, edge, edge)
    image = torch.randn(1, *shape).to(device)
    grid = torch.arange(edge // 2 * edge * edge).view(shape)
    index = ((grid // (8 * edge * edge) + grid % edge // 16) % CLASSES).to(device)
    band = (grid % 16 < 4).float().to(device)
    network = network.to(device)
    half = precision == "bf16"
    if half:
        network = network.to(memory_format=torch.channels_last_3d)
        image = image.to(memory_format=torch.channels_last_3d)
    optimiser = torch.optim.Adam(network.parameters(), 1e-4)
    if name == "compiled":
        network = torch.compile(network)

    def step():
        optimiser.zero_grad()
        with torch.autocast(device, torch.bfloat16, enabled=half):
            logits = network(image)
        loss = cwcd(torch, logits.float(), index, band)
        loss.backward()
        optimiser.step()
        return loss.item()

    for line in sys.stdin:
        times = []
        for _ in range(int(line)):
            start = time.perf_counter()
            loss = step()
            times.append(1000 * (time.perf_counter() - start))
        answer(times, loss=loss, version=torch.__version__)


def answer(times, **more):
    """A peer's line of JSON: what it took, and the most memory that it held."""
    with open("/proc/self/status", encoding="ascii") as status:
        peak = next(int(l.split()[1]) / 1024 for l in status if l.startswith("VmHWM"))
    print(json.dumps({"ms": times, "peak_mib": peak, **more}), flush=True)


class Contestant:
    def __init__(self, label, command, environment=None):
        self.label, self.times, self.last = label, [], {}
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                        env={**os.environ, **(environment or {})})

    def run(self, steps, count=True):
        self.process.stdin.write(f"{steps}\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"{self.label} ended early")
        self.last = json.loads(line)
        if count:
            self.times += self.last["ms"]

    def close(self):
        self.process.stdin.close()
        self.process.wait()

    @property
    def ms(self):
        return statistics.median(self.times)


def contestants(given):
    def python(name, precision):
        return [sys.executable, __file__, "--peer", name, "--precision", precision, "--edge", str(given.edge),
                "--device", given.device]

    def rind(precision):
        return [given.engine, precision, str(given.edge), given.device]

    yield Contestant("Rind, as it chooses", rind("auto"))
    for precision in ("fp32", "bf16"):
        yield Contestant(f"Rind {precision}", rind(precision))
    for precision in ("fp32", "bf16"):
        label = precision if precision == "fp32" else "bf16 channels-last"
        yield Contestant(f"PyTorch, paper's U-Net, {label}", python("unet", precision))
        if given.device == "cpu":
            yield Contestant(f"the same, heap kept, {label}", python("unet", precision), KEPT_HEAP)
        else:
            yield Contestant(f"the same, torch.compile, {label}", python("compiled", precision))
        yield Contestant(f"MONAI BasicUNet, {label}", python("monai", precision))


def processor():
    with open("/proc/cpuinfo", encoding="utf-8") as info:
        lines = info.read().splitlines()
    name = next((l.split(": ")[1] for l in lines if l.startswith("model name")), "unknown")
    flags = next((l for l in lines if l.startswith("flags")), "")
    has = [label for flag, label in (("avx512_bf16", "AVX-512-BF16"), ("amx_bf16", "AMX")) if flag in flags]
    return f"{name} ({', '.join(has) or 'no bf16 arithmetic'}), {os.cpu_count()} cores"


def take_turns(racing, rounds, steps):
    for _ in range(rounds):
        for one in racing:
            one.run(steps)
    for one in racing:
        one.close()


def publish(racing, heading, how, out):
    """Prints the table, the first contestant's times being 1, and writes it to the file `out` if there is one."""
    ours = racing[0]
    rows = "".join(f"| {one.label} | {one.ms:.0f} | {one.ms / ours.ms:.2f} | {one.last['peak_mib']:.0f} |\n" for one in racing)
    text = (f"# {heading}\n\n{how} Rind chose {ours.last['where']}. Load of the machine at the end (1 min): "
            f"{os.getloadavg()[0]:.1f}.\n\n| | ms | × Rind | peak memory, MiB |\n|---|---|---|---|\n{rows}")
    print(text)
    if out:
        with open(out, "w", encoding="utf-8") as file:
            file.write(text)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("engine", nargs="?", help="the built race_step")
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--edge", type=int, default=128)
    arguments.add_argument("--device", default="cpu")
    arguments.add_argument("--out")
    arguments.add_argument("--peer")
    arguments.add_argument("--precision", default="fp32")
    given = arguments.parse_args()
    if given.peer:
        return peer(given.peer, given.precision, given.edge, given.device)
    racing = list(contestants(given))
    for one in racing:
        one.run(2, count=False)
    take_turns(racing, given.rounds, 1 if given.device == "cpu" else 10)
    shape = f"1×1×{given.edge // 2}×{given.edge}×{given.edge}"
    device = "" if given.device == "cpu" else f" --device {given.device}"
    publish(racing, f"One training step: forward, CWCD, backward, Adam; {shape}, 16 classes",
            f"`python3 bench/race_step.py build/bin/race_step --rounds {given.rounds}{device}`: {processor()}, PyTorch "
            f"{racing[3].last['version']}; median of {len(racing[0].times)}, turn by turn in one run.", given.out)


if __name__ == "__main__":
    main()
