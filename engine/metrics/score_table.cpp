#include "rind/metrics/score_table.h"

#include <cmath>
#include <cstdio>

#include "rind/core/csv.h"

namespace rind::metrics {
namespace {

using nlohmann::json;

json number(double value) {
  if (std::isnan(value)) return nullptr;
  if (std::isinf(value)) return "inf";
  return value;
}

std::string text(double value, const char* format = "%.17g") {
  if (std::isnan(value)) return "nan";
  char buffer[40];
  std::snprintf(buffer, sizeof buffer, format, value);
  return buffer;
}

std::string nsdName(const ScoreTable& table, std::size_t column) {
  return column < table.tolerances.size() ? "nsd_" + text(table.tolerances[column], "%g") + "mm" : "nsd";
}

json toJson(const ScoreTable& table, const ClassScore& s) {
  json nsd = json::array();
  for (const double value : s.nsd) nsd.push_back(number(value));
  return {{"class", s.label},
          {"name", className(table, s.label)},
          {"tp", s.true_positives},
          {"fp", s.false_positives},
          {"fn", s.false_negatives},
          {"dsc", number(s.dsc)},
          {"nsd", nsd},
          {"hd95", number(s.hd95)},
          {"hd100", number(s.hd100)},
          {"assd", number(s.assd)}};
}

json toJson(const Distribution& d) {
  return {{"count", d.finite},
          {"infinite", d.infinite},
          {"mean", number(d.mean)},
          {"sd", number(d.standard_deviation)},
          {"median", number(d.median)},
          {"q1", number(d.lower_quartile)},
          {"q3", number(d.upper_quartile)},
          {"worst", number(d.worst)},
          {"worst_case", d.worst_case}};
}

json toJson(const ScoreTable& table, const ClassSummary& c) {
  json nsd = json::array();
  for (const Distribution& d : c.nsd) nsd.push_back(toJson(d));
  return {{"class", c.label},
          {"name", className(table, c.label)},
          {"dsc", toJson(c.dsc)},
          {"failures", c.failures},
          {"mean_dsc_without_failures", number(c.mean_dsc_without_failures)},
          {"nsd", nsd},
          {"hd95", toJson(c.hd95)},
          {"assd", toJson(c.assd)}};
}

std::string distributionLine(const std::string& start, const std::string& name, const Distribution& d) {
  std::string line = start + name + "," + std::to_string(d.finite) + "," + std::to_string(d.infinite);
  for (const double v : {d.mean, d.standard_deviation, d.median, d.lower_quartile, d.upper_quartile, d.worst})
    line += "," + text(v);
  return line + "," + core::csvCell(d.worst_case) + "\n";
}

std::size_t nsdColumns(const ScoreTable& table) {
  return table.tolerances.empty() ? 1 : table.tolerances.size();
}

std::string textRow(const ScoreTable& table, const ClassSummary& c) {
  char line[256];
  std::snprintf(
      line, sizeof line, "%-22.22s %5d %10s %10s %10s %10s %10s  %s\n", className(table, c.label).c_str(),
      c.dsc.finite, text(c.dsc.mean, "%.4f").c_str(), text(c.dsc.median, "%.4f").c_str(),
      text(c.nsd.empty() ? NAN : c.nsd.front().mean, "%.4f").c_str(), text(c.hd95.mean, "%.2f").c_str(),
      text(c.assd.mean, "%.2f").c_str(), c.dsc.worst_case.c_str());
  return line;
}

}  // namespace

std::string className(const ScoreTable& table, int label) {
  const auto found = table.names.find(label);
  return found == table.names.end() ? "class " + std::to_string(label) : found->second;
}

json toJson(const ScoreTable& table) {
  json cases = json::array(), summaries = json::array();
  for (const CaseScores& one : table.cases) {
    json classes = json::array();
    for (const ClassScore& s : one.classes) classes.push_back(toJson(table, s));
    cases.push_back({{"case", one.name}, {"classes", classes}});
  }
  const Summary summary = summarise(table.cases);
  for (const ClassSummary& c : summary.classes) summaries.push_back(toJson(table, c));
  return {{"surface", toString(table.surface)},
          {"tolerances", table.tolerances},
          {"cases", cases},
          {"unmatched", table.unmatched},
          {"summary",
           {{"mean_dsc", number(summary.mean_dsc)},
            {"mean_dsc_without_failures", number(summary.mean_dsc_without_failures)},
            {"classes", summaries}}}};
}

std::string toCsv(const ScoreTable& table) {
  std::string csv = "case,class,name,tp,fp,fn,dsc";
  for (std::size_t t = 0; t < nsdColumns(table); ++t) csv += "," + nsdName(table, t);
  csv += ",hd95,hd100,assd,surface\n";
  for (const CaseScores& one : table.cases)
    for (const ClassScore& s : one.classes) {
      csv += core::csvCell(one.name) + "," + std::to_string(s.label) + "," +
             core::csvCell(className(table, s.label)) + "," + std::to_string(s.true_positives) + "," +
             std::to_string(s.false_positives) + "," + std::to_string(s.false_negatives) + "," + text(s.dsc);
      for (const double nsd : s.nsd) csv += "," + text(nsd);
      csv += "," + text(s.hd95) + "," + text(s.hd100) + "," + text(s.assd) + "," + toString(table.surface) +
             "\n";
    }
  return csv;
}

std::string summaryToCsv(const ScoreTable& table) {
  std::string csv = "class,name,score,count,infinite,mean,sd,median,q1,q3,worst,worst_case\n";
  for (const ClassSummary& c : summarise(table.cases).classes) {
    const std::string start = std::to_string(c.label) + "," + core::csvCell(className(table, c.label)) + ",";
    csv += distributionLine(start, "dsc", c.dsc);
    csv += start + "dsc_without_failures," + std::to_string(c.dsc.finite - c.failures) + ",0," +
           text(c.mean_dsc_without_failures) + ",,,,,,\n";
    for (std::size_t t = 0; t < c.nsd.size(); ++t)
      csv += distributionLine(start, nsdName(table, t), c.nsd[t]);
    csv += distributionLine(start, "hd95", c.hd95);
    csv += distributionLine(start, "assd", c.assd);
  }
  return csv;
}

std::string summaryToText(const ScoreTable& table) {
  char head[256];
  std::snprintf(head, sizeof head, "%-22s %5s %10s %10s %10s %10s %10s  %s\n", "class", "cases", "DSC",
                "median", nsdName(table, 0).c_str(), "HD95 mm", "ASSD mm", "worst case");
  std::string result = head;
  const Summary summary = summarise(table.cases);
  for (const ClassSummary& c : summary.classes) result += textRow(table, c);
  result += "mean DSC " + text(summary.mean_dsc, "%.4f") + " (failures counted as 0), " +
            text(summary.mean_dsc_without_failures, "%.4f") +
            " (failures left out); surface: " + toString(table.surface) + "\n";
  return result;
}

}  // namespace rind::metrics
