#pragma once

#include <QImage>

#include "rind/datasets/case_slice.h"

namespace rind::workbench {

/// Pixels along each side of a thumbnail: more than a list shows on a plain screen, enough for one with twice
/// the pixels and for pictures of the window.
constexpr int kThumbnailSide = 80;

/// A slice as the axial view shows it, small: grey from its 0.5 to its 99.5 percentile, the organs faintly in
/// their colours, black around it; closer to the organs where they fill less than half of it.
QImage drawThumbnail(const datasets::CaseSlice& slice, const core::LabelSet& labels);

/// Reads a case and draws its axial slice through the middle of what is labelled. Throws as readSlice.
QImage makeThumbnail(const datasets::DataSet& data, const datasets::CaseFiles& files,
                     const std::atomic<bool>& cancel);

}  // namespace rind::workbench
