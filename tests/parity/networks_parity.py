"""Compares V-Net and UNETR with MONAI's, weights copied over: parameter counts and a forward pass.

python3 networks_parity.py RIND [vnet unetr]     (monai, torch, einops)

Each network is trained for a step on the phantom (so that running statistics are not those of the beginning), exported
as TorchScript, and its tensors are copied into MONAI's modules. The logits of a random image have to be equal within
1e-4 of the largest.

Three things that MONAI has otherwise are evened out, and said in what is printed:
- its V-Net has 1, 1, 2, 3, 2 convolutions on the way down and 2, 2, 1, 1 on the way up, where Milletari et al. have
  1, 2, 3, 3, 3 and 3, 3, 2, 1: the levels are made anew of MONAI's own blocks with the paper's counts;
- its V-Net has no bias in the convolutions on the way up; before a batch normalisation a bias is an offset of the mean;
- its UNETR carries a normalisation for cross attention that it never uses.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

import torch
from monai.networks.nets import UNETR, VNet
from monai.networks.nets.vnet import DownTransition, UpTransition

WITHIN = 1e-4
PATCH = (32, 32, 32)
NORM = ("weight", "bias", "running_mean", "running_var")


def run(*command):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{command}\n{done.stderr}")


def exported(rind, network, folder):
    size = "x".join(map(str, PATCH))
    run(rind, "train", "--data", f"phantom:amos,cases=2,size={size}", "--spacing", "10x10x10", "--network", network,
        "--patch", size, "--steps", 1, "--precision", "fp32", "--cache", folder / "cache", "--out", folder / network)
    run(rind, "export", "--model", folder / network, "--format", "torchscript", "--output", folder / f"{network}.ts")
    return torch.jit.load(folder / f"{network}.ts").eval()


class Copier:
    """Copies tensors by their names here and there, and knows which have not been taken."""

    def __init__(self, script, module):
        self.source = dict(script.named_parameters()) | dict(script.named_buffers())
        self.target = module.state_dict(keep_vars=True)
        self.taken = set()

    def take(self, name):
        self.taken.add(name)
        return self.source[name].detach()

    def copy(self, ours, theirs, kinds=("weight", "bias")):
        for kind in kinds:
            target = self.target[f"{theirs}.{kind}"]
            with torch.no_grad():
                target.copy_(self.take(f"{ours}_{kind}").reshape(target.shape))

    def left(self):
        return sorted(set(self.source) - self.taken)


def monai_vnet(classes):
    net = VNet(spatial_dims=3, in_channels=1, out_channels=classes, act="prelu", bias=True)
    for width, convolutions in ((16, 2), (32, 3), (64, 3), (128, 3)):
        setattr(net, f"down_tr{2 * width}", DownTransition(3, width, convolutions, "prelu", bias=True))
    for inside, out, convolutions in ((256, 256, 3), (256, 128, 3), (128, 64, 2), (64, 32, 1)):
        setattr(net, f"up_tr{out}", UpTransition(3, inside, out, convolutions, "prelu"))
    return net


def copy_vnet(copier):
    def unit(ours, theirs):
        if f"{theirs}.conv.bias" in copier.target:
            copier.copy(f"{ours}_convolution", f"{theirs}.conv")
            copier.copy(f"{ours}_norm", f"{theirs}.adn.N", NORM)
            return
        copier.copy(f"{ours}_convolution", f"{theirs}.conv", ("weight",))
        copier.copy(f"{ours}_norm", f"{theirs}.adn.N", NORM)
        copier.target[f"{theirs}.adn.N.running_mean"].sub_(copier.take(f"{ours}_convolution_bias"))

    def block(ours, theirs):
        number = 0
        while f"{ours}_unit{number}_norm_weight" in copier.source:
            unit(f"{ours}_unit{number}", f"{theirs}.ops.{number}.conv_block")
            copier.copy(f"{ours}_unit{number}_activation", f"{theirs}.ops.{number}.act_function", ("weight",))
            number += 1
        copier.copy(f"{ours}_activation", f"{theirs}.act_function2", ("weight",))

    unit("entry", "in_tr.conv_block")
    copier.copy("entry_activation", "in_tr.act_function", ("weight",))
    for level, width in enumerate((32, 64, 128, 256), start=1):
        copier.copy(f"halve{level}_convolution", f"down_tr{width}.down_conv")
        copier.copy(f"halve{level}_norm", f"down_tr{width}.bn1", NORM)
        copier.copy(f"halve{level}_activation", f"down_tr{width}.act_function1", ("weight",))
        block(f"down{level}", f"down_tr{width}")
    for level, width in enumerate((32, 64, 128, 256)):
        copier.copy(f"up{level}_expansion", f"up_tr{width}.up_conv")
        copier.copy(f"up{level}_norm", f"up_tr{width}.bn1", NORM)
        copier.copy(f"up{level}_activation", f"up_tr{width}.act_function1", ("weight",))
        block(f"up{level}_block", f"up_tr{width}")
    unit("exit", "out_tr.conv_block")
    copier.copy("exit_activation", "out_tr.act_function1", ("weight",))
    copier.copy("head", "out_tr.conv2")


def monai_unetr(classes):
    return UNETR(in_channels=1, out_channels=classes, img_size=PATCH, feature_size=16, norm_name="instance")


def copy_unetr(copier):
    def residual(ours, theirs):
        for here, there in (("first", "conv1"), ("second", "conv2"), ("shortcut", "conv3")):
            if f"{ours}_{here}_weight" in copier.source:
                copier.copy(f"{ours}_{here}", f"{theirs}.{there}.conv", ("weight",))

    copier.copy("transformer_embedding", "vit.patch_embedding.patch_embeddings")
    with torch.no_grad():
        copier.target["vit.patch_embedding.position_embeddings"].copy_(copier.take("transformer_position"))
    for number in range(12):
        ours, theirs = f"transformer_block{number}", f"vit.blocks.{number}"
        copier.copy(f"{ours}_query_key_value", f"{theirs}.attn.qkv", ("weight",))
        for here, there in (("first_norm", "norm1"), ("second_norm", "norm2"), ("projection", "attn.out_proj"),
                            ("widen", "mlp.linear1"), ("narrow", "mlp.linear2")):
            copier.copy(f"{ours}_{here}", f"{theirs}.{there}")
    copier.copy("transformer_norm", "vit.norm")
    residual("image", "encoder1.layer")
    for level in (1, 2, 3):
        copier.copy(f"rise{level}_first", f"encoder{level + 1}.transp_conv_init.conv", ("weight",))
        for number in range(3 - level):
            copier.copy(f"rise{level}_expand{number}", f"encoder{level + 1}.blocks.{number}.0.conv", ("weight",))
            residual(f"rise{level}_block{number}", f"encoder{level + 1}.blocks.{number}.1")
    for level in range(4):
        copier.copy(f"expand{level}", f"decoder{level + 2}.transp_conv.conv", ("weight",))
        residual(f"up{level}", f"decoder{level + 2}.conv_block")
    copier.copy("head", "out.conv.conv")


NETWORKS = {"vnet": (monai_vnet, copy_vnet), "unetr": (monai_unetr, copy_unetr)}


def numbers(tensors):
    return sum(tensor.numel() for tensor in tensors)


def main():
    rind, *names = sys.argv[1:]
    torch.manual_seed(0)
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        for name in names or NETWORKS:
            make, copy = NETWORKS[name]
            script = exported(rind, name, pathlib.Path(folder))
            classes = script.head_weight.shape[0]
            module = make(classes).eval()
            copier = Copier(script, module)
            copy(copier)
            if copier.left():
                sys.exit(f"{name}: not copied: {copier.left()}")
            ours = numbers(p for p in script.parameters())
            extra = numbers(p for key, p in script.named_parameters()
                            if name == "vnet" and re.fullmatch(r"up\d_block_unit\d_convolution_bias", key))
            unused = numbers(p for key, p in module.named_parameters() if "norm_cross_attn" in key)
            theirs = numbers(module.parameters())
            image = torch.randn(2, 1, *PATCH)
            with torch.no_grad():
                here, there = script(image), module(image)
            apart = ((here - there).abs().max() / there.abs().max()).item()
            same = ours - extra == theirs - unused
            failed |= not same or not apart <= WITHIN
            print(f"{name}: {ours} parameters ({extra} biases before a normalisation that MONAI has not; MONAI {theirs}, "
                  f"{unused} of them unused): {'equal' if same else 'NOT EQUAL'}; "
                  f"logits apart by {apart:.1e} of the largest ({there.abs().max():.3g})")
    sys.exit(failed)


if __name__ == "__main__":
    main()
