#include "rind/losses/loss_on_sums.h"

namespace rind::losses {

LossOnSums emptyLoss(const RegionSums& sums, const std::string& term) {
  LossOnSums loss;
  loss.report.terms.emplace_back(term, 0.0);
  loss.report.classes.resize(sums.classes.size());
  loss.coefficients.resize(sums.classes.size());
  return loss;
}

void addToClass(LossOnSums& loss, std::size_t j, double contour, double interior) {
  loss.report.classes[j].contour += contour;
  loss.report.classes[j].interior += interior;
  loss.report.terms.front().second += contour + interior;
  loss.report.total += contour + interior;
}

LossOnSums operator+(LossOnSums left, const LossOnSums& right) {
  left.report.total += right.report.total;
  left.report.terms.insert(left.report.terms.end(), right.report.terms.begin(), right.report.terms.end());
  for (std::size_t j = 0; j < left.coefficients.size(); ++j) {
    left.report.classes[j].contour += right.report.classes[j].contour;
    left.report.classes[j].interior += right.report.classes[j].interior;
    ClassCoefficients& sum = left.coefficients[j];
    const ClassCoefficients& other = right.coefficients[j];
    sum.everywhere += other.everywhere;
    sum.band += other.band;
    sum.interior += other.interior;
    sum.cross_entropy_band += other.cross_entropy_band;
    sum.cross_entropy_interior += other.cross_entropy_interior;
  }
  return left;
}

LossOnSums weightedCrossEntropy(const RegionSums& sums, const std::string& term,
                                const ContourWeight& weight) {
  LossOnSums loss = emptyLoss(sums, term);
  for (std::size_t j = 0; j < sums.classes.size(); ++j) {
    const bool contoured = j > 0 || weight.include_background;
    const double interior = weight.factor / sums.voxels;
    const double band = contoured ? interior * (1 + weight.alpha) : interior;
    addToClass(loss, j, band * sums.classes[j].band.cross_entropy,
               interior * sums.classes[j].interior.cross_entropy);
    loss.coefficients[j].cross_entropy_band = band;
    loss.coefficients[j].cross_entropy_interior = interior;
  }
  return loss;
}

}  // namespace rind::losses
