"""Malformed volumes."""
import struct

from formats import bomb, dicom, element, meta, nifti1, nifti2, npy, nrrd, packed, voxels
from inputs import Input, flipped, volume

NAN, INFINITE = float("nan"), float("inf")


def cuts(content, extension, places):
    for place in places:
        at = place if place >= 0 else len(content) + place
        yield volume(f"cut at byte {at}", content[:at], extension)


def nifti():
    whole = nifti1()
    yield from cuts(whole, ".nii", (0, 1, 3, 4, 39, 40, 56, 76, 108, 123, 252, 280, 327, 344, 347, 348, 352, 353, -100, -1))
    fields = {
        "dim": [(0, 8, 7, 6, 1, 1, 1, 1), (-1, 8, 7, 6, 1, 1, 1, 1), (1, 8, 7, 6, 1, 1, 1, 1), (8, 8, 7, 6, 1, 1, 1, 1),
                (300, 8, 7, 6, 1, 1, 1, 1), (768, 8, 7, 6, 1, 1, 1, 1), (3, 0, 7, 6, 1, 1, 1, 1), (3, 8, -7, 6, 1, 1, 1, 1),
                (3, 8, 7, 7, 1, 1, 1, 1), (3, 32767, 32767, 32767, 1, 1, 1, 1), (5, 8, 7, 6, 2, 2, 1, 1),
                (4, 8, 7, 6, -3, 1, 1, 1), (7, 8, 7, 6, 1, 1, 9, 9)],
        "datatype": [0, 1, 32, 128, 1536, 1792, 2304, 9999, -2],
        "pixdim": [(1, -1, 1, 1, 1, 1, 1, 1), (1, 1, NAN, 1, 1, 1, 1, 1), (1, 1, 1, INFINITE, 1, 1, 1, 1)],
        "vox_offset": [-1, 4, 100, 1e30, NAN, 2000],
        "srow_x": [(NAN, 0, 0, 0), (0, 0, 0, 0), (1, 0, 0, INFINITE), (1e30, 0, 0, 0), (1, 0.5, 0, 0), (1e-30, 0, 0, 0)],
        "srow_z": [(0, 1, 0, 0), (1, 0, 0, 0)],
        "magic": [b"\0\0\0\0", b"ni1\0", b"n+3\0"],
        "sizeof_hdr": [0, 347, 540, -348],
    }
    for field, values in fields.items():
        for value in values:
            yield volume(f"{field} {value!r}", nifti1(**{field: value}), ".nii")
    for spacing in (0, -2, NAN):
        yield volume(f"no sform, spacing {spacing}", nifti1(sform_code=0, pixdim=(1, 1, spacing, 1, 1, 1, 1, 1)), ".nii")
    yield volume("quaternion of NaN", nifti1(sform_code=0, qform_code=1, quatern=(NAN, 0, 0)), ".nii")
    yield volume("quaternion too long", nifti1(sform_code=0, qform_code=1, quatern=(1e30, 1e30, 0)), ".nii")
    yield volume("big-endian header of little-endian size", struct.pack(">i", 348) + whole[4:], ".nii")
    yield volume("text", b"hello\n" * 200, ".nii")
    for at in list(range(40, 56)) + list(range(70, 92, 3)) + list(range(108, 124, 2)) + list(range(252, 328, 6)):
        yield volume(f"bit {at % 8} of byte {at} flipped", flipped(whole, at, at % 8), ".nii", may_pass=True)


def nifti_2():
    whole = nifti2()
    yield from cuts(whole, ".nii", (12, 16, 104, 168, 344, 400, 504, 539, 540, 544, -1))
    huge = 1 << 62
    for dim in ((3, huge, huge, huge, 1, 1, 1, 1), (3, 8, 7, -6, 1, 1, 1, 1), (9, 8, 7, 6, 1, 1, 1, 1), (4, 8, 7, 6, huge, 1, 1, 1),
                (3, 1 << 32, 1 << 32, 1, 1, 1, 1, 1), (3, 1 << 21, 1 << 21, 1 << 21, 1, 1, 1, 1)):
        yield volume(f"version 2, dim {dim}", nifti2(dim=dim), ".nii")
    for offset in (-1, 0x7FFFFFFFFFFFFFFF, 540 - 1):
        yield volume(f"version 2, vox_offset {offset}", nifti2(vox_offset=offset), ".nii")


def nifti_packed():
    whole = packed(nifti1())
    yield from cuts(whole, ".nii.gz", (0, 1, 2, 3, 9, 10, 11, 20, -60, -9, -8, -7, -4, -1))
    for at in (2, 3, 12, -8, -6, -4, -2):
        yield volume(f"byte {at} changed", flipped(whole, at, 5), ".nii.gz")
    yield volume("a bomb of 20000 x 20000 x 20000", bomb(nifti1(b"", dim=(3, 20000, 20000, 20000, 1, 1, 1, 1)), 8), ".nii.gz")
    yield volume("a bomb behind the voxels", bomb(nifti1(), 64), ".nii.gz")
    yield volume("a bomb before the header", bomb(b"", 64), ".nii.gz")
    yield volume("a bomb before the voxels", bomb(nifti1(b"", vox_offset=1 << 29), 64), ".nii.gz")
    yield volume("packed twice", packed(whole), ".nii.gz")
    yield volume("text", packed(b"hello\n" * 200), ".nii.gz")
    yield volume("a second member that is damaged", packed(nifti1()[:400]) + packed(nifti1()[400:])[:-9], ".nii.gz")
    yield volume("noise", bytes((i * 97 + 31) % 256 for i in range(2000)), ".nii.gz")
    yield volume("noise behind the gzip header", whole[:10] + bytes(255 - i % 256 for i in range(999)), ".nii.gz")


def nrrd_files():
    whole = nrrd()
    data = whole.index(b"\n\n")
    yield from cuts(whole, ".nrrd", (0, 4, 8, 9, 20, 40, 70, 110, data, data + 1, data + 2, data + 3, -1))
    fields = {
        "dimension": [0, 1, 5, 17, -3, "three", ""], "type": ["block", "uint3", "", "0", None],
        "sizes": ["8 7", "8 7 6 5", "8 7 0", "8 -7 6", "8 7 6.5", "4294967296 4294967296 4", "1e30 1 1", "nan 7 6",
                  "99999999999999999999 7 6", "a b c", None],
        "encoding": ["zip", "", None, "gzip", "bz2", "bzip2", "text", "hex"],
        "space_directions": ["(1,0,0) (0,1,0)", "(1,0,0) (0,1,0) (0,0,0)", "(1,0,0) (0,nan,0) (0,0,1)", "(1,0,0) (1,0,0) (0,0,1)",
                             "(1,0,0) (0.5,1,0) (0,0,1)", "(1,0) (0,1) (1,1)", "(1,0,0 (0,1,0 (0,0,1", "none none none", "x y z"],
        "space_origin": ["(0,0,nan)", "(inf,0,0)"], "data file": ["missing.raw", "a.nrrd/a.raw", ".", "LIST\nmissing.raw"],
        "byte skip": [-5, 100000], "line skip": [99999, -1],
    }
    for field, values in fields.items():
        for value in values:
            yield volume(f"{field} {value}", nrrd(**{field: value}), ".nrrd")
    for spacing in ("-1 1 1", "0 1 1", "1 1 nan"):
        yield volume(f"spacings {spacing}", nrrd(space_directions=None, space=None, space_origin=None, spacings=spacing), ".nrrd")
    yield volume("more voxels than bytes", nrrd(type="double"), ".nrrd")
    yield volume("no magic", whole[8:], ".nrrd")
    yield volume("a header without end", b"NRRD0004\n" + b"# comment\n" * 400000, ".nrrd")
    yield volume("a line without end", b"NRRD0004\ntype: " + b"x" * 3000000, ".nrrd")
    yield volume("gzip cut short", nrrd(packed(voxels())[:-3], encoding="gzip"), ".nrrd")
    yield volume("a bomb", nrrd(bomb(b"", 8), encoding="gzip", sizes="100000 100000 100000"), ".nrrd")
    yield volume("data beside it cut short", nrrd(b"", **{"data file": "a.raw"}), ".nhdr", {"a.raw": voxels()[:-1]})
    yield volume("data beside it missing", nrrd(b"", **{"data file": "b.raw"}), ".nhdr")
    yield volume("data in itself", nrrd(b"", **{"data file": "a.nhdr"}, type="double"), ".nhdr")
    for at in range(9, data, 11):
        yield volume(f"bit {at % 7} of byte {at} flipped", flipped(whole, at, at % 7), ".nrrd", may_pass=True)


def meta_files():
    whole = meta()
    data = whole.index(b"LOCAL")
    yield from cuts(whole, ".mha", (0, 5, 20, 40, 60, 100, 150, data, data + 3, data + 6, data + 7, -1))
    fields = {
        "NDims": [0, 1, 9, -3, "x", None], "ElementType": ["MET_OTHER", "MET_NONE", "float", "", None],
        "DimSize": ["8 7", "0 7 6", "8 -7 6", "8 7 6 5", "1000000 1000000 1000", "4294967296 4294967296 1", "x", None],
        "ElementSpacing": ["-1 1 1", "0 1 1", "1 1 nan", "1 1 1e30"], "Offset": ["nan 0 0", "0 0 inf"],
        "TransformMatrix": ["1 0 0 1 0 0 0 0 1", "0 0 0 0 0 0 0 0 0", "1 0 0 0.5 1 0 0 0 1", "nan 0 0 0 1 0 0 0 1"],
        "ElementNumberOfChannels": [0, -1, 1000000000, 2], "CompressedData": ["True"], "HeaderSize": [-2, 99999],
        "ElementDataFile": ["missing.raw", "", "LIST", "b%02d.raw 1 6 1", "missing one.raw", "."], "BinaryData": ["False"],
    }
    for field, values in fields.items():
        for value in values:
            yield volume(f"{field} {value}", meta(**{field: value}), ".mha")
    yield volume("more voxels than bytes", meta(ElementType="MET_DOUBLE"), ".mha")
    yield volume("data beside it cut short", meta(b"", ElementDataFile="a.raw"), ".mhd", {"a.raw": voxels()[:-1]})
    yield volume("a bomb", meta(bomb(b"", 8), CompressedData="True", DimSize="100000 100000 100000"), ".mha")
    yield volume("noise", bytes((i * 89 + 7) % 256 for i in range(3000)), ".mha")
    for at in range(0, data, 13):
        yield volume(f"bit {at % 7} of byte {at} flipped", flipped(whole, at, at % 7), ".mha", may_pass=True)


def numpy_files():
    whole = npy()
    yield from cuts(whole, ".npy", (0, 1, 5, 6, 7, 8, 9, 10, 11, 40, 80, -337, -336, -1))
    for descr in ("'|O'", "'<f2'", "'<c8'", "'<U4'", "[('a', '<i4')]", "'<f8'", "''", "7", "'|S1'", "'<M8[s]'"):
        yield volume(f"type {descr}", npy(descr=descr), ".npy")
    for shape in ("()", "(6,)", "(336,)", "(6, 7, -8)", "(6, 7, 0)", "(1, 1, 6, 7, 8)", "(4294967296, 4294967296, 4)", "(6, 7, 9)",
                  "(99999999999999999999, 7, 8)", "7", "(6, 7, 'a')", "(2097152, 2097152, 1)", "(0, 6, 7, 8)"):
        yield volume(f"shape {shape}", npy(shape=shape), ".npy")
    yield volume("version 9", npy(version=9), ".npy")
    yield volume("a header longer than the file", npy(length=60000), ".npy")
    yield volume("a header longer than any file", npy(version=2, length=4294967295), ".npy")
    yield volume("digits without end", npy(shape="(" + "9" * 50000 + ")"), ".npy")
    yield volume("brackets without end", npy(descr="'" + "(" * 20000), ".npy")


def folder(name, files, **more):
    return Input("dicom " + name, {f"slices/{key}": value for key, value in files.items()}, "slices", **more)


def dicom_files():
    whole = dicom()
    pixels = whole.index(struct.pack("<HH", 0x7FE0, 0x10))
    yield from cuts(whole, ".dcm", (0, 100, 131, 132, 136, 140, 150, 200, 260, pixels - 20, pixels, pixels + 4, pixels + 8, pixels + 12, -1))
    deep = struct.pack("<HHI", 0xFFFE, 0xE000, 0xFFFFFFFF) + struct.pack("<HH", 8, 0x1140) + b"SQ\0\0\xff\xff\xff\xff"
    changes = {
        "no rows": {"rows": 0}, "65535 rows and columns": {"rows": 65535, "columns": 65535}, "no bits": {"allocated": 0},
        "63 bits": {"allocated": 63}, "colour": {"samples": 3}, "no tag rows": {"without": ("rows",)},
        "no pixels": {"pixels": b""}, "spacing of 0": {"spacing": "0\\0"}, "spacing below 0": {"spacing": "-1\\1"},
        "spacing of text": {"spacing": "a\\b"}, "an orientation of zeros": {"orientation": "0\\0\\0\\0\\0\\0"},
        "axes not at right angles": {"orientation": "1\\0\\0\\0.5\\0.5\\0"}, "a position of nan": {"position": "nan\\0\\0"},
        "fewer pixels than voxels": {"pixels": element(0x7FE0, 0x10, b"OW", voxels((1, 2), (1, 5, 8)))},
        "pixels longer than the file": {"pixels": struct.pack("<HH", 0x7FE0, 0x10) + b"OW\0\0" + struct.pack("<I", 0x7FFFFFFE)},
        "a sequence without end": {"extra": struct.pack("<HH", 0x40, 0x275) + b"SQ\0\0\xff\xff\xff\xff"},
        "nested without end": {"extra": struct.pack("<HH", 0x40, 0x275) + b"SQ\0\0\xff\xff\xff\xff" + deep * 20000},
        "jpeg that is noise": {"syntax": "1.2.840.10008.1.2.4.70", "pixels": struct.pack("<HH", 0x7FE0, 0x10) + b"OB\0\0\xff\xff\xff\xff"
                               + struct.pack("<HHI", 0xFFFE, 0xE000, 0) + struct.pack("<HHI", 0xFFFE, 0xE000, 400) + bytes(range(200)) * 2
                               + struct.pack("<HHI", 0xFFFE, 0xE0DD, 0)},
        "a transfer syntax that nobody knows": {"syntax": "1.2.3.4.5"}, "deflated noise": {"syntax": "1.2.840.10008.1.2.1.99"},
        "a type that nobody knows": {"extra": struct.pack("<HH", 0x40, 0x275) + b"ZZ\0\0"},
    }
    for name, change in changes.items():
        yield volume(name, dicom(**change), ".dcm")
    yield volume("text", b"hello\n" * 100, ".dcm")
    for at in list(range(132, 170, 5)) + list(range(200, pixels, 23)):
        yield volume(f"bit {at % 8} of byte {at} flipped", flipped(whole, at, at % 8), ".dcm", may_pass=True)
    numbers = {f"{i}.dcm": dicom(i) for i in range(5)}
    yield folder("two slices in one place", {**numbers, "again.dcm": dicom(2)}, named="again.dcm")
    yield folder("a slice missing", {k: v for k, v in numbers.items() if k != "2.dcm"}, named="3.dcm")
    yield folder("slices of two sizes", {**numbers, "5.dcm": dicom(5, columns=4)}, named="5.dcm")
    yield folder("slices of two orientations", {**numbers, "5.dcm": dicom(5, orientation="0\\1\\0\\0\\0\\1")}, named=".dcm")
    yield folder("slices without positions", {f"{i}.dcm": dicom(i, without=("position",)) for i in range(4)})
    yield folder("a sheared stack", {f"{i}.dcm": dicom(i, position=f"0\\{0.3 * i}\\{i}") for i in range(5)})
    yield folder("a slice cut short", {**numbers, "3.dcm": numbers["3.dcm"][:-200]}, named="3.dcm")


def volume_inputs():
    for make in (nifti, nifti_2, nifti_packed, nrrd_files, meta_files, numpy_files, dicom_files):
        yield from make()
