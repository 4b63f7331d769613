"""Malformed data sets, labels, splits and models."""
import json
import os

from formats import meta, nifti1, npy, nrrd, packed, voxels
from inputs import Input, flipped

IMAGE = packed(nifti1(voxels(range(1, 100))))
LABELS = packed(nifti1())


def pairs(count):
    names = [f"case_{i}.nii.gz" for i in range(count)]
    return [{"image": f"./imagesTr/{name}", "label": f"./labelsTr/{name}"} for name in names]


def described(**changes):
    return {"name": "Made", "modality": {"0": "MRI"}, "labels": {"0": "background", "1": "one", "2": "two"},
            "training": pairs(3), **changes}


def decathlon(description=None, **changes):
    """A sound data set of three cases; `changes` replace files (None removes one)."""
    files = {"dataset.json": json.dumps(described() if description is None else description)}
    for i in range(3):
        files[f"imagesTr/case_{i}.nii.gz"] = packed(nifti1(voxels(range(i, 100 + i))))
        files[f"labelsTr/case_{i}.nii.gz"] = LABELS
    files.update(changes)
    return {f"data/{name}": content for name, content in files.items() if content is not None}


def nnunet(description=None, changes=None):
    standard = {"channel_names": {"0": "T1", "1": "T2"}, "labels": {"background": 0, "one": 1, "two": 2},
                "file_ending": ".nii.gz", "numTraining": 2}
    files = {"dataset.json": json.dumps({**standard, **(description or {})})}
    for i in "ab":
        for channel in range(2):
            files[f"imagesTr/{i}_{channel:04}.nii.gz"] = packed(nifti1(voxels(range(channel + ord(i), 200))))
        files[f"labelsTr/{i}.nii.gz"] = LABELS
    files.update(changes or {})
    return {f"data/{name}": content for name, content in files.items() if content is not None}


def descriptions():
    texts = {"empty": "", "cut short": json.dumps(described())[:-40], "a list": "[]", "a number": "7", "null": "null",
             "text": "hello", "a thousand brackets": "[" * 100000, "nested objects": '{"labels":' * 5000,
             "not UTF-8": b'{"labels": {"0": "\xff\xfe", "1": "x"}}', "a huge number": '{"labels": {"0": "b", "1": 1e999}}',
             "zero bytes": bytes(500), "a comma too many": '{"labels": {"0": "b", "1": "x"},}'}
    for name, text in texts.items():
        yield Input("dataset.json " + name, decathlon(**{"dataset.json": text}), "data", "data", "dataset.json")
    wrong = {
        "labels": [7, None, [], {}, "spleen", ["background", "one"], {"0": "background"}, {"a": "b"}, {"0": "background", "1": 7.5},
                   {"background": 0, "x": -1}, {"background": 0, "x": [[1]]}, {"background": 0, "x": {"y": 1}},
                   {"background": 0, "x": None}, {"background": 0, "x": True}, {"background": 0, "x": 1 << 70},
                   {str(i): f"c{i}" for i in range(400)}],
        "modality": [7, [], {}, {"a": "MRI"}, {"0": 7}, {"0": None}],
        "training": [7, "all", {"image": "a"}, [7], [[]], [{}], [{"image": 7}], [{"image": "a", "label": 7}], [{"label": "a"}], [None]],
        "validation": [7, [7], [{"image": []}]],
    }
    for field, values in wrong.items():
        for value in values:
            text = json.dumps(value)[:40]
            yield Input(f"dataset.json {field} {text}", decathlon(described(**{field: value})), "data", "data", "dataset.json")
    yield Input("dataset.json lists no case", decathlon(described(training=[]), **{f"imagesTr/case_{i}.nii.gz": None for i in range(3)}),
                "data", "data", "data")
    yield Input("dataset.json lists a case twice", decathlon(described(training=pairs(2) + pairs(1))), "data", "data", "data")


def decathlon_cases():
    def one(name, changes, named, description=None):
        return Input("case " + name, decathlon(description, **changes), "data", "data", named)

    other = packed(nifti1(shape=(6, 7, 9)))
    image, label = "imagesTr/case_1.nii.gz", "labelsTr/case_1.nii.gz"
    yield one("image missing", {image: None}, "case_1.nii.gz")
    yield one("label missing", {label: None}, "case_1.nii.gz")
    yield one("label of another shape", {label: other}, label)
    yield one("label that lies elsewhere", {label: packed(nifti1(srow_x=(1, 0, 0, 50)))}, label)
    yield one("label with another spacing", {label: packed(nifti1(srow_z=(0, 0, 3, 0)))}, label)
    yield one("label with an unknown value", {label: packed(nifti1(voxels((0, 1, 9))))}, label)
    yield one("label with fractions", {label: packed(nifti1(scl_slope=0.3))}, label)
    yield one("label below zero", {label: packed(nifti1(scl_slope=-1))}, label)
    yield one("label of NaN", {label: packed(nifti1(b"\0\0\xc0\x7f" * 336, datatype=16, bitpix=32))}, label)
    yield one("image of NaN", {image: packed(nifti1(b"\0\0\xc0\x7f" * 336, datatype=16, bitpix=32))}, image)
    yield one("image that is the same everywhere", {image: packed(nifti1(voxels((5,))))}, image)
    yield one("image cut short", {image: IMAGE[:-9]}, image)
    yield one("label cut short", {label: LABELS[:30]}, label)
    yield one("image is a folder", {image: None, image + "/x": "x"}, image)
    yield one("image of two channels", {image: packed(nifti1(voxels() * 2, dim=(4, 8, 7, 6, 2, 1, 1, 1)))}, image)
    yield one("image outside the data set", {}, "nowhere.nii.gz", described(training=[{"image": "../../nowhere.nii.gz", "label": "../x"}]))
    yield one("image is a text", {}, "notes.txt", described(training=pairs(2) + [{"image": "notes.txt", "label": "notes.txt"}]))
    yield one("name is empty", {}, "dataset.json", described(training=pairs(2) + [{"image": "", "label": ""}]))
    yield one("name holds a zero byte", {}, "dataset.json", described(training=pairs(2) + [{"image": "a\0b", "label": "c"}]))
    yield one("name longer than names can be", {}, "dataset.json", described(training=pairs(2) + [{"image": "x" * 70000, "label": "c"}]))


def nnunet_cases():
    def one(name, description, changes, named):
        return Input("nnunet " + name, nnunet(description, changes), "data", "data", named)

    yield one("channel missing", {}, {"imagesTr/a_0001.nii.gz": None}, "a_0001.nii.gz")
    yield one("label missing", {}, {"labelsTr/a.nii.gz": None}, "a_0000.nii.gz")
    yield one("channel of another shape", {}, {"imagesTr/a_0001.nii.gz": packed(nifti1(shape=(6, 7, 9)))}, "a_0001.nii.gz")
    yield one("label of another shape", {}, {"labelsTr/a.nii.gz": packed(nifti1(shape=(6, 7, 9)))}, "labelsTr/a.nii.gz")
    for value in (7, None, [], {}, {"x": "T1"}, {"0": 7}):
        yield one(f"channel_names {value}", {"channel_names": value}, {}, "dataset.json")
    for value in (7, {}, ".xyz"):
        yield one(f"file_ending {value}", {"file_ending": value}, {}, "dataset.json" if value != ".xyz" else "")
    for value in (7, {"background": 0, "x": [1, "a"]}, {"background": 0, "x": [-1]}, {"background": 0, "x": []}):
        yield one(f"labels {value}", {"labels": value}, {}, "dataset.json")


def other_layouts():
    brats = {f"data/p_1/p_1_{m}.nii.gz": packed(nifti1(voxels(range(k, 90)))) for k, m in enumerate(("flair", "t1", "t1ce", "t2"))}
    seg = "data/p_1/p_1_seg.nii.gz"
    yield Input("brats modality missing", {**brats, seg: LABELS, "data/p_1/p_1_t1.nii.gz": None}, "data", "data", "p_1_t1.nii.gz")
    yield Input("brats label of another shape", {**brats, seg: packed(nifti1(shape=(5, 7, 8)))}, "data", "data", "p_1_seg.nii.gz")
    yield Input("brats label 7", {**brats, seg: packed(nifti1(voxels((0, 7))))}, "data", "data", "p_1_seg.nii.gz")
    yield Input("brats modality of another shape", {**brats, seg: LABELS, "data/p_1/p_1_t2.nii.gz": packed(nifti1(shape=(5, 7, 8)))},
                "data", "data", "p_1_t2.nii.gz")
    pair = {"data/images/a.mha": meta(voxels(range(100))), "data/labels/a.mha": meta()}
    yield Input("pair of two shapes", {**pair, "data/labels/a.mha": meta(DimSize="8 7 5")}, "data", "data", "a.mha")
    yield Input("pair with a label cut short", {**pair, "data/labels/a.mha": meta()[:-1]}, "data", "data", "a.mha")
    yield Input("pair with a volume that is no label", {**pair, "data/labels/a.mha": meta(bytes(1344), ElementType="MET_FLOAT")[:-4] + b"\0\0\0\x3f"},
                "data", "data", "a.mha")
    yield Input("nothing", {"data/": ""}, "data", "data")
    yield Input("text alone", {"data/notes.txt": "hello"}, "data", "data")
    yield Input("no such folder", {}, "data", "data")
    yield Input("a file that is no volume", {"a.txt": "hello"}, "a.txt", "data")
    yield Input("a file of zero bytes that is no volume", {"a": ""}, "a", "data")


def links():
    def to(target):
        return lambda path: os.symlink(target, path)

    yield Input("a volume that links to itself", {"a.nii": to("a.nii")}, "a.nii")
    yield Input("a folder that links to itself", {"data": to("data")}, "data", "data")
    yield Input("folders that link in a circle", {"a/b": to("../c"), "c/d": to("../a")}, "a", "data")
    yield Input("a folder within itself", {"data/inner": to("."), "data/other": to("..")}, "data", "data")
    yield Input("a case that links to itself", decathlon(**{"imagesTr/case_1.nii.gz": to("case_1.nii.gz")}), "data", "data", "case_1.nii.gz")
    yield Input("a link to nothing", decathlon(**{"labelsTr/case_1.nii.gz": to("nothing")}), "data", "data", "case_1.nii.gz")
    yield Input("dataset.json links to itself", decathlon(**{"dataset.json": to("dataset.json")}), "data", "data", "dataset.json")
    yield Input("imagesTr links to itself", {"data/dataset.json": json.dumps(described(training=[])), "data/imagesTr": to("imagesTr")}, "data", "data")
    yield Input("a named pipe", {"a.nii.gz": lambda path: os.mkfifo(path)}, "a.nii.gz")
    yield Input("a named pipe among the cases", decathlon(**{"imagesTr/case_1.nii.gz": lambda path: os.mkfifo(path)}), "data", "data", "case_1.nii.gz")
    yield Input("dataset.json is a named pipe", decathlon(**{"dataset.json": lambda path: os.mkfifo(path)}), "data", "data", "dataset.json")
    yield Input("dataset.json is a folder", decathlon(**{"dataset.json": None, "dataset.json/x": "x"}), "data", "data", "dataset.json")
    yield Input("a device", {"a.nii": to("/dev/zero")}, "a.nii")
    yield Input("a data set of devices", decathlon(**{"labelsTr/case_1.nii.gz": to("/dev/zero")}), "data", "data", "case_1.nii.gz")


def without_permission():
    """For anyone but root, who may read everything."""
    for name, path in {"image": "data/imagesTr/case_1.nii.gz", "label": "data/labelsTr/case_1.nii.gz", "dataset.json": "data/dataset.json",
                       "folder of images": "data/imagesTr", "folder of labels": "data/labelsTr", "folder": "data"}.items():
        yield Input(f"no permission to read the {name}", {**decathlon(), path + "?": ""}, "data", "forbidden", path.rsplit("/", 1)[-1])
    yield Input("no permission to read a volume", {"a.nii": nifti1(), "a.nii?": ""}, "a.nii", "forbidden")


def splits():
    texts = ["", "7", "null", "[]", "{}", "hello", '{"training": ["case_0"]}', '{"training": [], "validation": ["case_1"]}', "[[]]", "[7]",
             '{"training": ["case_0"], "validation": ["case_0"]}', '{"training": ["nobody"], "validation": ["case_1"]}',
             '{"training": [7], "validation": ["case_1"]}', '{"training": "case_0", "validation": "case_1"}', '[{"train": ["case_0"]}]',
             '[{"train": {}, "val": {}}]', '{"training": [["case_0"]], "validation": [null]}', "[" * 50000, '{"training": ["case_0"',
             '{"training": ["case_0", "case_0"], "validation": ["case_1"]}', b'{"training": ["\xff"], "validation": ["case_1"]}']
    for number, text in enumerate(texts):
        yield Input(f"split {number}", {**decathlon(), "split.json": text}, "split.json", "split")
    yield Input("split missing", decathlon(), "split.json", "split")
    yield Input("split has no such fold", {**decathlon(), "split.json": '[{"train": ["case_0"], "val": ["case_1"]}]'}, "split.json:3", "split", "split.json")
    for number, text in enumerate(("", "{}", "7", '[{"train": ["a"]}]', '[{"train": ["a"], "val": ["nobody"]}]')):
        yield Input(f"nnunet splits_final.json {number}", nnunet({}, {"splits_final.json": text}), "data", "train", "splits_final.json")


def models(run):
    """`run` is a sound run folder, as {name: bytes}."""
    def one(name, changes, named="run"):
        files = {f"run/{key}": value for key, value in {**run, **changes}.items() if value is not None}
        return Input("model " + name, files, "run", "model", named)

    # Without the other checkpoints, that would be used instead.
    run = {key: value for key, value in run.items() if not key.endswith(".checkpoint")}
    weights = "checkpoints/best.weights"
    yield one("without run.json", {"run.json": None}, "run.json")
    for place in (0, 3, 8, 16, 40, len(run[weights]) // 2, len(run[weights]) - 1):
        yield one(f"weights cut at byte {place}", {weights: run[weights][:place]}, "best.weights")
    for place in (0, 8, 9, 12, 16, 30, 60, 100):
        yield one(f"weights with byte {place} changed", {weights: flipped(run[weights], place, 6)}, "best.weights")
    sound = json.loads(run["run.json"])
    for field, value in (("network", 7), ("network", {}), ("labels", 7), ("labels", [7]), ("window", [1]), ("window", [0, 0, 0]), ("window", [1 << 40] * 3),
                         ("preprocessing", 7), ("preprocessing", {"normalisation": "none"}), ("preprocessing", {"spacing": [0, -1, 1]}),
                         ("preprocessing", {"spacing": "1"}), ("channels", 7)):
        changed = json.dumps({**sound, "model": {**sound["model"], field: value}})
        yield one(f"with {field} {value}", {"run.json": changed}, "run.json")
    for network in ({"base_channels": 100000}, {"base_channels": -1}, {"in_channels": 0}, {"classes": 1 << 30}, {"name": "nothing"}, {"patch": [1, 2]}):
        changed = json.dumps({**sound, "model": {**sound["model"], "network": {**sound["model"]["network"], **network}}})
        yield one(f"with network {network}", {"run.json": changed}, "run.json")
    for number, text in enumerate(("", "{}", "7", '{"model": 7}', "[" * 50000, run["run.json"][:200])):
        yield one(f"with run.json {number}", {"run.json": text}, "run.json")
    yield Input("model that is noise", {"model.pt": bytes((i * 31) % 256 for i in range(5000))}, "model.pt", "model")
    yield Input("model that is empty", {"model.pt": ""}, "model.pt", "model")
    yield Input("model missing", {}, "model.pt", "model")


def evaluations():
    for name, prediction, file in (("another shape", nifti1(shape=(6, 7, 9)), "a.nii"), ("fractions", nifti1(scl_slope=0.3), "a.nii"),
                                   ("cut short", nrrd()[:-1], "a.nrrd"), ("no numbers", npy(descr="'|O'"), "a.npy"),
                                   ("another place", nifti1(srow_x=(1, 0, 0, 50)), "a.nii")):
        yield Input("prediction with " + name, {"reference.nii": nifti1(), file: prediction}, file, "evaluate")


def folder_inputs(run):
    for make in (descriptions, decathlon_cases, nnunet_cases, other_layouts, links, without_permission, splits, evaluations):
        yield from make()
    yield from models(run)
