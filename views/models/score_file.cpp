#include "rind/models/score_file.h"

#include <cmath>
#include <fstream>
#include <map>
#include <optional>

namespace rind::models {
namespace {

// Cells of one line; quotes as RFC 4180 has them.
std::vector<std::string> cellsOf(const std::string& line) {
  std::vector<std::string> cells(1);
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '"' && quoted && i + 1 < line.size() && line[i + 1] == '"')
      cells.back() += line[i++];
    else if (c == '"')
      quoted = !quoted;
    else if (c == ',' && !quoted)
      cells.emplace_back();
    else if (c != '\r')
      cells.back() += c;
  }
  return cells;
}

/// Throws std::invalid_argument where a cell is no number.
double numberIn(const std::string& cell) {
  if (cell.empty()) return std::nan("");
  if (cell == "inf") return HUGE_VAL;
  return std::stod(cell);
}

class Columns {
 public:
  explicit Columns(const std::vector<std::string>& header) {
    for (std::size_t i = 0; i < header.size(); ++i) places_[header[i]] = i;
  }
  const std::string& cell(const std::vector<std::string>& cells, const std::string& name) const {
    return cells.at(places_.at(name));
  }
  double number(const std::vector<std::string>& cells, const std::string& name) const {
    const auto place = places_.find(name);
    return place == places_.end() ? std::nan("") : numberIn(cells.at(place->second));
  }

 private:
  std::map<std::string, std::size_t> places_;
};

CaseScore readLine(const Columns& columns, const std::vector<std::string>& cells) {
  return {columns.cell(cells, "case"),      std::stoi(columns.cell(cells, "class")),
          columns.cell(cells, "name"),      columns.number(cells, "dsc"),
          columns.number(cells, "nsd_1mm"), columns.number(cells, "hd95_mm"),
          columns.number(cells, "assd_mm")};
}

struct Mean {
  double sum = 0;
  int count = 0;
  void add(double value) {
    if (!std::isfinite(value)) return;
    sum += value;
    ++count;
  }
  double value() const { return count > 0 ? sum / count : std::nan(""); }
};

}  // namespace

ScoreFile readScoreFile(const std::filesystem::path& path) {
  ScoreFile file;
  std::ifstream stream(path);
  std::string line;
  if (!std::getline(stream, line)) return file;
  const Columns columns(cellsOf(line));
  while (std::getline(stream, line)) {
    if (line.empty()) continue;
    try {
      file.scores.push_back(readLine(columns, cellsOf(line)));
    } catch (const std::exception&) {
      ++file.broken_lines;
    }
  }
  return file;
}

ClassMeans meansOf(const std::vector<CaseScore>& scores, int label) {
  Mean dsc;
  Mean nsd;
  Mean hd95;
  ClassMeans means;
  for (const auto& score : scores) {
    if (score.label != label) continue;
    dsc.add(score.dsc);
    nsd.add(score.nsd);
    hd95.add(score.hd95);
    means.failures += score.dsc == 0 ? 1 : 0;
  }
  means.dsc = dsc.value();
  means.nsd = nsd.value();
  means.hd95 = hd95.value();
  means.cases = dsc.count;
  return means;
}

}  // namespace rind::models
