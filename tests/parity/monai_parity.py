"""Compares what PyPI's MONAI makes of an exported model with what `rind predict` does.

python3 monai_parity.py RIND RUN IMAGE.nii.gz…     (monai, nibabel, pytorch-ignite, fire, torch)

The run's model is exported as a MONAI bundle, which is then run as its README says: the labels have to be those of
`rind predict` in float32 but for voxels where two classes are nearly equal (1 in 10,000). The probabilities have to
equal those of MONAI's sliding_window_inference around the same TorchScript model within 1e-4. Then again with the
same weights and `crop: nonzero`, on the images with zeros around a part of them.
"""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

import nibabel
import numpy
import torch
from monai.bundle import ConfigParser
from monai.inferers import sliding_window_inference

PROBABILITIES_WITHIN, LABELS_APART = 1e-4, 1e-4


def run(*command):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{command}\n{done.stderr}")


def bundle_labels(bundle, images, output):
    run(sys.executable, "-m", "monai.bundle", "run", "--config_file", bundle / "configs/inference.json", "--meta_file",
        bundle / "configs/metadata.json", "--bundle_root", bundle, "--dataset_dir", images, "--output_dir", output)


def window_probabilities(bundle, image):
    parser = ConfigParser(json.loads((bundle / "configs/inference.json").read_text()))
    parser["bundle_root"] = str(bundle)
    settings = parser["inferer"]
    prepared = parser.get_parsed_content("preprocessing")({"image": str(image)})["image"]
    network = torch.jit.load(bundle / "models/model.ts").eval()
    with torch.no_grad():
        logits = sliding_window_inference(torch.as_tensor(prepared)[None], settings["roi_size"], 1,
                                          lambda x: torch.softmax(network(x), 1), overlap=settings["overlap"],
                                          mode=settings["mode"], padding_mode=settings["padding_mode"])
    return logits[0].numpy().transpose(0, 3, 2, 1)  # classes, x, y, z


def cropping_run(trained, folder):
    """The run, as if it had been trained on images cropped to their voxels that are not 0."""
    shutil.copytree(trained, folder)
    description = json.loads((folder / "run.json").read_text())
    description["model"]["preprocessing"]["crop"] = "nonzero"
    (folder / "run.json").write_text(json.dumps(description))
    return folder


def with_zeros_around(image, path):
    """Another share of each side, so that no axis and no end can be taken for another."""
    original = nibabel.load(image)
    voxels = numpy.zeros(original.shape, numpy.float32)
    inside = tuple(slice(n // (16 - axis), n - n // (8 - axis)) for axis, n in enumerate(original.shape[:3]))
    voxels[inside] = numpy.asarray(original.dataobj)[inside] + 1
    nibabel.save(nibabel.Nifti1Image(voxels, original.affine), path)
    return path


def main():
    rind, trained, *images = sys.argv[1:]
    failed = compare(rind, trained, images, cropped=False)
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "zeros").mkdir()
        zeros = [with_zeros_around(image, folder / "zeros" / pathlib.Path(image).name) for image in images]
        failed |= compare(rind, cropping_run(trained, folder / "run"), zeros, cropped=True)
    sys.exit(failed)


def compare(rind, trained, images, cropped):
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        bundle = folder / "bundle"
        run(rind, "export", "--model", trained, "--format", "monai-bundle", "--output", bundle)
        (folder / "images").mkdir()
        for image in images:
            (folder / "images" / pathlib.Path(image).name).symlink_to(pathlib.Path(image).resolve())
        bundle_labels(bundle, folder / "images", folder / "monai")
        for image in images:
            name = pathlib.Path(image).name
            run(rind, "predict", "--model", trained, "--input", image, "--output", folder / name, "--probabilities",
                "--precision", "fp32")
            ours, theirs = (numpy.asarray(nibabel.load(path).dataobj) for path in (folder / name, folder / "monai" / name))
            apart = (ours != theirs).mean()
            probabilities = numpy.asarray(nibabel.load(folder / name.replace(".nii.gz", "_probabilities.nii.gz")).dataobj)
            probabilities = numpy.moveaxis(probabilities.reshape(*ours.shape, -1), -1, 0)
            # Of a crop, window_probabilities has only the box.
            largest = 0 if cropped else numpy.abs(probabilities - window_probabilities(bundle, image)).max()
            failed |= apart > LABELS_APART or not largest <= PROBABILITIES_WITHIN or not ours.any()
            print(f"{name}: labels that differ {apart:.2e}, largest difference of a probability {largest:.2e}")
    return bool(failed)


if __name__ == "__main__":
    main()
