#include "rind/metrics/score_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "rind/core/error.h"
#include "rind/metrics/regions.h"

namespace rind::metrics {
namespace {

ClassScore classScore(int label, double dsc, double hd95) {
  ClassScore s;
  s.label = label;
  s.true_positives = 10;
  s.dsc = dsc;
  s.nsd = {dsc};
  s.hd95 = s.hd100 = s.assd = hd95;
  return s;
}

/// Class 1 in five cases: 0.2, 0.4, 0.6, a failure, and one where it is absent from both.
ScoreTable table() {
  ScoreTable t;
  t.tolerances = {1};
  t.names = {{1, "left kidney, upper"}};
  const double dsc[] = {0.6, 0.2, 0.4, 0.0, NAN}, hd95[] = {1, 3, 2, INFINITY, NAN};
  for (int i = 0; i < 5; ++i)
    t.cases.push_back({"case" + std::to_string(i), {classScore(1, dsc[i], hd95[i])}});
  return t;
}

TEST(Summary, GivesBothMeansOfTheDice) {
  const Summary summary = summarise(table().cases);
  ASSERT_EQ(summary.classes.size(), 1u);
  const ClassSummary& c = summary.classes[0];
  EXPECT_EQ(c.dsc.finite, 4);
  EXPECT_DOUBLE_EQ(c.dsc.mean, 0.3);
  EXPECT_DOUBLE_EQ(c.mean_dsc_without_failures, 0.4);
  EXPECT_EQ(c.failures, 1);
  EXPECT_DOUBLE_EQ(summary.mean_dsc, 0.3);
  EXPECT_DOUBLE_EQ(summary.mean_dsc_without_failures, 0.4);
}

TEST(Summary, GivesDeviationQuartilesAndTheWorstCase) {
  const ClassSummary c = summarise(table().cases).classes[0];
  EXPECT_NEAR(c.dsc.standard_deviation, 0.25819888974716115, 1e-15);
  EXPECT_DOUBLE_EQ(c.dsc.median, 0.3);
  EXPECT_DOUBLE_EQ(c.dsc.lower_quartile, 0.15);
  EXPECT_DOUBLE_EQ(c.dsc.upper_quartile, 0.45);
  EXPECT_EQ(c.dsc.worst_case, "case3");
  EXPECT_EQ(c.hd95.finite, 3);
  EXPECT_EQ(c.hd95.infinite, 1);
  EXPECT_DOUBLE_EQ(c.hd95.mean, 2);
  EXPECT_TRUE(std::isinf(c.hd95.worst));
}

TEST(ScoreTable, WritesNotANumberAsNullAndInfinityAsAWord) {
  const auto json = toJson(table());
  EXPECT_EQ(json["cases"][3]["classes"][0]["hd95"], "inf");
  EXPECT_TRUE(json["cases"][4]["classes"][0]["dsc"].is_null());
  EXPECT_EQ(json["cases"][0]["classes"][0]["dsc"], 0.6);
  EXPECT_EQ(json["summary"]["classes"][0]["dsc"]["count"], 4);
}

TEST(ScoreTable, QuotesNamesInCsv) {
  const std::string csv = toCsv(table());
  EXPECT_THAT(csv, testing::StartsWith("case,class,name,tp,fp,fn,dsc,nsd_1mm,hd95,hd100,assd,surface\n"));
  EXPECT_THAT(csv, testing::HasSubstr("case3,1,\"left kidney, upper\",10,0,0,0,0,inf,inf,inf,surfel\n"));
  EXPECT_THAT(summaryToCsv(table()), testing::HasSubstr("hd95,3,1,2,1,2,"));
}

TEST(BratsRegions, AreRefusedWhereTheNamesAreNumberedOtherwise) {
  using Names = std::map<int, std::string>;
  const Names fits[] = {{{0, "background"}, {1, "necrotic core"}, {2, "edema"}, {4, "enhancing tumour"}},
                        {{1, "NETC"}, {2, "SNFH"}, {3, "ET"}},
                        {{1, "non-enhancing tumor"}, {2, "oedema"}, {3, "enhancing tumor"}},
                        {{1, "tumor core"}, {2, "whole tumor"}, {3, "enhancing tumor"}},
                        {{1, "label 1"}, {2, "tumour"}},
                        {}};
  for (const auto& names : fits) EXPECT_NO_THROW(requireBratsNumbers(names));
  const Names others[] = {{{1, "edema"}, {2, "non-enhancing tumor"}, {3, "enhancing tumour"}},  // MSD
                          {{1, "whole tumor"}, {2, "tumor core"}, {3, "enhancing tumor"}},      // nnU-Net
                          {{1, "NETC"}, {2, "SNFH"}, {3, "ET"}, {4, "RC"}}};                    // BraTS 2024
  for (const auto& names : others) EXPECT_THROW(requireBratsNumbers(names), core::InputError);
}

TEST(BratsRegions, AreTheUnionsOfTheField) {
  // One row: background, NCR, ED, ET, and ET as some releases number it; the prediction takes ED for NCR.
  core::LabelVolume reference({1, 1, 5}), prediction({1, 1, 5});
  reference.voxels = {0, 1, 2, 4, 3};
  prediction.voxels = {0, 2, 2, 4, 3};
  const auto scores = scoreRegions(reference, prediction, {1, 1, 1}, bratsRegions(), {});
  ASSERT_EQ(scores.size(), 3u);
  EXPECT_DOUBLE_EQ(scores[0].dsc, 1);                  // WT
  EXPECT_DOUBLE_EQ(scores[1].dsc, 2.0 * 2 / (3 + 2));  // TC: 1, 3, 4
  EXPECT_DOUBLE_EQ(scores[2].dsc, 1);                  // ET
}

}  // namespace
}  // namespace rind::metrics
