"""What Rind does to an image where MONAI's own transforms differ: resampling, clipping of intensities and cropping.

Rind interpolates linearly and widens the kernel where the new grid is coarser, so that nothing between its points
is lost; labels go back by a vote of the classes. Arrays are [C, x, y, z].
"""
import numpy
import torch
from monai.data import MetaTensor
from monai.data.utils import affine_to_spacing
from monai.transforms import MapTransform


def axis_weights(source, source_spacing, target, target_spacing):
    """[target, source]: what each new point is made of. Triangles around it; outside, the edge is repeated."""
    ratio = target_spacing / source_spacing
    reach = max(1.0, ratio)
    weights = numpy.zeros((target, source))
    for i in range(target):
        centre = (i + 0.5) * ratio - 0.5
        for at in range(int(numpy.floor(centre - reach)) + 1, int(numpy.ceil(centre + reach))):
            weights[i, min(max(at, 0), source - 1)] += max(0.0, 1 - abs(at - centre) / reach)
        weights[i] /= weights[i].sum()
    return weights.astype(numpy.float32)


def spline_weights(source, source_spacing, target, target_spacing):
    """The same for cubic B-splines through the points, mirrored at both ends; triangles where the new grid is
    coarser."""
    ratio = target_spacing / source_spacing
    if ratio >= 1 or source < 2:
        return axis_weights(source, source_spacing, target, target_spacing)

    def basis(places):
        rows = numpy.zeros((len(places), source))
        for row, place in zip(rows, places):
            for at in range(int(numpy.floor(place)) - 1, int(numpy.floor(place)) + 3):
                distance = abs(at - place)
                weight = 2 / 3 - distance ** 2 * (1 - distance / 2) if distance < 1 else max(0.0, 2 - distance) ** 3 / 6
                within = at % (2 * (source - 1))
                row[min(within, 2 * (source - 1) - within)] += weight
        return rows

    wanted = basis((numpy.arange(target) + 0.5) * ratio - 0.5)
    return numpy.linalg.solve(basis(numpy.arange(source)).T, wanted.T).T.astype(numpy.float32)


def resampled(volume, axes):
    for axis, weights in enumerate(axes):
        if weights is not None:
            volume = numpy.moveaxis(numpy.tensordot(weights, volume, axes=(1, axis)), 0, axis)
    return volume


def new_axis(extent, step, wanted):
    """Extent and spacing of the new grid: the same box, and the same axis where the spacing hardly differs."""
    if abs(step - wanted) <= 1e-3 * wanted:
        return extent, step
    return max(1, int(numpy.floor(extent * step / wanted + 0.5))), wanted


class Grids:
    def __init__(self, image, wanted):
        self.extent = [int(n) for n in numpy.asarray(image.meta["spatial_shape"]).reshape(-1)[:3]]
        self.spacing = [float(s) for s in affine_to_spacing(image.affine.squeeze())]
        self.new = [new_axis(n, s, w) for n, s, w in zip(self.extent, self.spacing, wanted)]

    def there(self, weights=axis_weights):
        return [None if step == spacing else weights(extent, spacing, new, step)
                for extent, spacing, (new, step) in zip(self.extent, self.spacing, self.new)]

    def back(self):
        return [None if step == spacing else axis_weights(new, step, extent, spacing)
                for extent, spacing, (new, step) in zip(self.extent, self.spacing, self.new)]


def with_voxels(image, voxels):
    return MetaTensor(torch.as_tensor(numpy.ascontiguousarray(voxels)), meta=image.meta)


class ResampleToSpacing(MapTransform):
    """Image to the network's spacing (x, y, z in mm). Affine and spatial_shape keep describing the original."""

    def __init__(self, keys, spacing, bspline=False):
        super().__init__(keys)
        self.spacing = spacing
        self.weights = spline_weights if bspline else axis_weights

    def __call__(self, data):
        data = dict(data)
        for key in self.key_iterator(data):
            image = data[key]
            image.meta["rind_spacing"] = torch.tensor(self.spacing, dtype=torch.float64)
            axes = Grids(image, self.spacing).there(self.weights)
            voxels = image.numpy().astype(numpy.float32)
            data[key] = with_voxels(image, numpy.stack([resampled(channel, axes) for channel in voxels]))
        return data


class RestoreGrid(MapTransform):
    """Labels back to the image's own grid: each class's share interpolated, then the largest (the lowest of
    equals)."""

    def __init__(self, keys, classes):
        super().__init__(keys)
        self.classes = classes

    def __call__(self, data):
        data = dict(data)
        for key in self.key_iterator(data):
            image = data[key]
            wanted = numpy.asarray(image.meta["rind_spacing"]).reshape(-1)
            axes = Grids(image, wanted).back()
            labels = image.cpu().numpy()[0]
            best = labels if all(axis is None for axis in axes) else self.winner(labels, axes)
            data[key] = with_voxels(image, best[None].astype(numpy.float32))
        return data

    def winner(self, labels, axes):
        best, most = None, None
        for label in range(self.classes):
            share = resampled((labels == label).astype(numpy.float32), axes)
            if best is None:
                best, most = numpy.zeros(share.shape), share
                continue
            larger = share > most + 1e-6
            best[larger] = label
            most = numpy.where(larger, share, most)
        return best


class ClipToPercentiles(MapTransform):
    """Each channel to its own 0.5 and 99.5 percentiles, of about a million of its voxels (order z, y, x)."""

    def __call__(self, data):
        data = dict(data)
        for key in self.key_iterator(data):
            for channel in data[key]:
                voxels = channel.contiguous().reshape(-1)
                stride = max(1, -(-voxels.numel() // 1_000_000))
                sample = torch.sort(voxels[::stride].float()).values
                low, high = (sample[int(share * (sample.numel() - 1) + 0.5)] for share in (0.005, 0.995))
                channel.clamp_(float(low), float(high))
        return data


class FindNonzeroBox(MapTransform):
    """Notes the box of voxels that are not 0 in some channel of the image as it was read, and the image's extent: to
    be cropped to after resampling and normalisation, which look at all of it. Here [C, x, y, z]."""

    def __call__(self, data):
        data = dict(data)
        for key in self.key_iterator(data):
            image = data[key]
            present = image.numpy().any(axis=0)
            box = []
            for axis in range(3):
                found = numpy.flatnonzero(present.any(axis=tuple(other for other in range(3) if other != axis)))
                box.append([found[0], found[-1] + 1] if len(found) else [0, present.shape[axis]])
            image.meta["rind_nonzero"] = torch.tensor(numpy.array([[*ends, n] for ends, n in zip(box, present.shape)]))
        return data


def box_on_grid(nonzero, extents):
    """The box of the image as it was read on a grid of the same field of view, rounded outwards: slices."""
    slices = []
    for (first, end, before), now in zip(nonzero, extents):
        ratio = now / before
        start = min(max(int(numpy.floor(first * ratio + 1e-9)), 0), now - 1)
        slices.append(slice(start, min(max(int(numpy.ceil(end * ratio - 1e-9)), start + 1), now)))
    return slices


class CropToNonzeroBox(MapTransform):
    """What FindNonzeroBox found, of an image [C, z, y, x]. Affine and spatial_shape keep describing the original."""

    def __call__(self, data):
        data = dict(data)
        for key in self.key_iterator(data):
            image = data[key]
            extents = [int(n) for n in image.shape[1:]]
            nonzero = [[float(n) for n in axis] for axis in reversed(image.meta["rind_nonzero"].reshape(3, 3).tolist())]
            box = box_on_grid(nonzero, extents)
            image.meta["rind_box"] = torch.tensor([[axis.start, axis.stop, n] for axis, n in zip(box, extents)])
            data[key] = with_voxels(image, image.numpy()[(slice(None), *box)])
        return data


class RestoreBox(MapTransform):
    """Labels [1, z, y, x] back into the volume that was cropped; background around them."""

    def __call__(self, data):
        data = dict(data)
        for key in self.key_iterator(data):
            image = data[key]
            box = numpy.asarray(image.meta["rind_box"]).reshape(3, 3)
            whole = numpy.zeros((1, *(int(n) for n in box[:, 2])), numpy.float32)
            whole[(slice(None), *(slice(int(start), int(end)) for start, end, _ in box))] = image.cpu().numpy()
            data[key] = with_voxels(image, whole)
        return data
