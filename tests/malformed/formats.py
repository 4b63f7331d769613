"""Small sound files of each format, as bytes: what the malformed ones are made from. Standard library only."""
import gzip
import io
import struct
import zlib

SHAPE = (6, 7, 8)  # z, y, x


def voxels(values=(0, 1, 2, 2), shape=SHAPE):
    count = shape[0] * shape[1] * shape[2]
    return bytes(values[i % len(values)] for i in range(count))


NIFTI1 = {  # field: (offset, format)
    "sizeof_hdr": (0, "<i"), "dim": (40, "<8h"), "datatype": (70, "<h"), "bitpix": (72, "<h"),
    "pixdim": (76, "<8f"), "vox_offset": (108, "<f"), "scl_slope": (112, "<f"), "scl_inter": (116, "<f"),
    "xyzt_units": (123, "<B"), "qform_code": (252, "<h"), "sform_code": (254, "<h"),
    "quatern": (256, "<3f"), "qoffset": (268, "<3f"), "srow_x": (280, "<4f"), "srow_y": (296, "<4f"),
    "srow_z": (312, "<4f"), "magic": (344, "<4s"),
}
NIFTI2 = {
    "sizeof_hdr": (0, "<i"), "magic": (4, "<8s"), "datatype": (12, "<h"), "bitpix": (14, "<h"),
    "dim": (16, "<8q"), "pixdim": (104, "<8d"), "vox_offset": (168, "<q"), "scl_slope": (176, "<d"),
    "qform_code": (344, "<i"), "sform_code": (348, "<i"), "quatern": (352, "<3d"), "qoffset": (376, "<3d"),
    "srow_x": (400, "<4d"), "srow_y": (432, "<4d"), "srow_z": (464, "<4d"), "xyzt_units": (500, "<i"),
}


def _nifti(layout, header_bytes, standard, data, changes):
    header = bytearray(header_bytes + 4)
    for name, value in {**standard, **changes}.items():
        offset, form = layout[name]
        struct.pack_into(form, header, offset, *(value if isinstance(value, tuple) else (value,)))
    return bytes(header) + data


def nifti1(data=None, shape=SHAPE, **changes):
    z, y, x = shape
    standard = {
        "sizeof_hdr": 348, "dim": (3, x, y, z, 1, 1, 1, 1), "datatype": 2, "bitpix": 8,
        "pixdim": (1, 1, 1, 1, 1, 1, 1, 1), "vox_offset": 352, "scl_slope": 1, "xyzt_units": 2,
        "sform_code": 1, "srow_x": (1, 0, 0, 0), "srow_y": (0, 1, 0, 0), "srow_z": (0, 0, 1, 0),
        "magic": b"n+1\0",
    }
    return _nifti(NIFTI1, 348, standard, voxels(shape=shape) if data is None else data, changes)


def nifti2(data=None, **changes):
    z, y, x = SHAPE
    standard = {
        "sizeof_hdr": 540, "magic": b"n+2\0\r\n\032\n", "dim": (3, x, y, z, 1, 1, 1, 1), "datatype": 2,
        "bitpix": 8, "pixdim": (1, 1, 1, 1, 1, 1, 1, 1), "vox_offset": 544, "sform_code": 1,
        "srow_x": (1, 0, 0, 0), "srow_y": (0, 1, 0, 0), "srow_z": (0, 0, 1, 0), "xyzt_units": 2,
    }
    return _nifti(NIFTI2, 540, standard, voxels() if data is None else data, changes)


def text_header(first, fields, separator, changes):
    """Lines "key SEPARATOR value"; a change to None leaves the line out."""
    lines = {**fields, **{key.replace("_", " ") if separator == ": " else key: value
                          for key, value in changes.items()}}
    rows = [f"{key}{separator}{value}" for key, value in lines.items() if value is not None]
    return "\n".join(([first] if first else []) + rows).encode()


def nrrd(data=None, **changes):
    z, y, x = SHAPE
    fields = {
        "type": "uint8", "dimension": 3, "space": "left-posterior-superior", "sizes": f"{x} {y} {z}",
        "space directions": "(1,0,0) (0,1,0) (0,0,1)", "kinds": "domain domain domain", "endian": "little",
        "encoding": "raw", "space origin": "(0,0,0)",
    }
    return text_header("NRRD0004", fields, ": ", changes) + b"\n\n" + (voxels() if data is None else data)


def meta(data=None, **changes):
    z, y, x = SHAPE
    fields = {
        "ObjectType": "Image", "NDims": 3, "BinaryData": "True", "BinaryDataByteOrderMSB": "False",
        "CompressedData": "False", "TransformMatrix": "1 0 0 0 1 0 0 0 1", "Offset": "0 0 0",
        "ElementSpacing": "1 1 1", "DimSize": f"{x} {y} {z}", "ElementType": "MET_UCHAR",
    }
    last = {"ElementDataFile": changes.pop("ElementDataFile", "LOCAL")}
    header = text_header("", {**fields, **changes, **last}, " = ", {})
    return header + b"\n" + (voxels() if data is None else data)


def npy(data=None, descr="'|u1'", shape="(6, 7, 8)", order="False", version=1, length=None):
    text = f"{{'descr': {descr}, 'fortran_order': {order}, 'shape': {shape}, }}"
    text += " " * (-(len(text) + 11) % 64) + "\n"
    size = len(text) if length is None else length
    start = b"\x93NUMPY" + bytes([version, 0]) + struct.pack("<H" if version == 1 else "<I", size)
    return start + text.encode() + (voxels() if data is None else data)


def packed(content, level=6):
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb", compresslevel=level, mtime=0) as file:
        file.write(content)
    return out.getvalue()


def bomb(start, zeros):
    """gzip of `start` and then as many MiB of zeros."""
    pack = zlib.compressobj(9, zlib.DEFLATED, 31)
    piece = bytes(1 << 20)
    return b"".join([pack.compress(start)] + [pack.compress(piece) for _ in range(zeros)] + [pack.flush()])


LONG = {b"OB", b"OW", b"SQ", b"UN", b"UT"}


def element(group, number, kind, value):
    if isinstance(value, str):
        value = value.encode()
    if isinstance(value, int):
        value = struct.pack("<H", value)
    value += (b"\0" if kind in (b"UI", b"OB") else b" ") * (len(value) % 2)
    size = struct.pack("<HI", 0, len(value)) if kind in LONG else struct.pack("<H", len(value))
    return struct.pack("<HH", group, number) + kind + size + value


def dicom(slice_number=0, pixels=None, without=(), extra=b"", syntax="1.2.840.10008.1.2.1", **changes):
    """One slice of 8 x 7 voxels. `without` names tags to leave out."""
    tags = {
        "class": (8, 0x16, b"UI", "1.2.840.10008.5.1.4.1.1.4"), "sop": (8, 0x18, b"UI", f"1.2.3.{slice_number + 1}"),
        "modality": (8, 0x60, b"CS", "MR"), "thickness": (0x18, 0x50, b"DS", "1"),
        "study": (0x20, 0xD, b"UI", "1.2.3.9"), "series": (0x20, 0xE, b"UI", "1.2.3.10"),
        "position": (0x20, 0x32, b"DS", f"0\\0\\{slice_number}"),
        "orientation": (0x20, 0x37, b"DS", "1\\0\\0\\0\\1\\0"), "samples": (0x28, 2, b"US", 1),
        "photometric": (0x28, 4, b"CS", "MONOCHROME2"), "rows": (0x28, 0x10, b"US", 7),
        "columns": (0x28, 0x11, b"US", 8), "spacing": (0x28, 0x30, b"DS", "1\\1"),
        "allocated": (0x28, 0x100, b"US", 8), "stored": (0x28, 0x101, b"US", 8),
        "high": (0x28, 0x102, b"US", 7), "signed": (0x28, 0x103, b"US", 0),
    }
    body = b""
    for name, (group, number, kind, value) in tags.items():
        if name not in without:
            body += element(group, number, kind, changes.get(name, value))
    if pixels is None:
        pixels = element(0x7FE0, 0x10, b"OW", voxels((1, 5, 9 + slice_number), (1, 7, 8)))
    meta_tags = element(2, 2, b"UI", "1.2.840.10008.5.1.4.1.1.4") + element(2, 3, b"UI", "1.2.3.1")
    meta_tags += element(2, 0x10, b"UI", syntax)
    length = element(2, 0, b"UL", struct.pack("<I", len(meta_tags)))
    return bytes(128) + b"DICM" + length + meta_tags + body + extra + pixels
