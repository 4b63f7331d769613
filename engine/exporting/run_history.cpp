#include "rind/exporting/run_history.h"

#include <cmath>
#include <fstream>
#include <map>

#include "rind/core/atomic_file.h"
#include "rind/core/error.h"

namespace rind::exporting {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using Row = std::vector<std::string>;

double numberIn(const json& body, const char* key) {
  const auto at = body.find(key);
  return at != body.end() && at->is_number() ? at->get<double>() : std::nan("");
}

void take(const json& event, RunHistory& history) {
  const std::string kind = event.value("event", "");
  if (kind == "epoch") {
    const auto validation = event.value("validation", json::object());
    history.epochs.push_back({event.value("epoch", 0), numberIn(event, "loss"),
                              numberIn(validation, "mean_dsc"), event.value("best", false)});
  } else if (kind == "parameters") {
    history.changes.push_back({event.value("step", std::int64_t{0}), event.value("changes", json::object())});
  } else if (kind == "warning") {
    history.warnings.push_back(event.value("text", ""));
  }
}

void readEvents(const fs::path& file, RunHistory& history) {
  std::ifstream lines(file);
  for (std::string line; std::getline(lines, line);) {
    const json event = json::parse(line, nullptr, /*allow_exceptions=*/false);
    if (!event.is_object()) continue;
    try {
      take(event, history);
    } catch (const json::exception&) {
      continue;  // a key of another type: some other program's line
    }
  }
}

/// A line of CSV; cells may be quoted, quotes doubled.
Row cellsOf(const std::string& line) {
  Row cells(1);
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    const bool doubled = quoted && c == '"' && i + 1 < line.size() && line[i + 1] == '"';
    if (doubled)
      cells.back() += line[++i];
    else if (c == '"')
      quoted = !quoted;
    else if (c == ',' && !quoted)
      cells.emplace_back();
    else if (c != '\r')
      cells.back() += c;
  }
  return cells;
}

/// One score of one class over the cases.
class Sample {
 public:
  void add(double value) {
    if (std::isfinite(value)) values_.push_back(value);
  }
  RunHistory::ClassScores::Score score() const {
    if (values_.empty()) return {std::nan(""), std::nan("")};
    double sum = 0, squares = 0;
    for (const double value : values_) sum += value;
    const auto count = static_cast<double>(values_.size());
    for (const double value : values_) squares += (value - sum / count) * (value - sum / count);
    return {sum / count, values_.size() < 2 ? std::nan("") : std::sqrt(squares / (count - 1))};
  }
  int count() const { return static_cast<int>(values_.size()); }

 private:
  std::vector<double> values_;
};

struct ClassRows {
  std::string name;
  Sample dsc, without_failures, nsd, hd95, assd;
};

double numberOf(const std::string& cell) {
  char* end = nullptr;
  const double value = std::strtod(cell.c_str(), &end);
  return end == cell.c_str() ? std::nan("") : value;
}

void readScores(const fs::path& file, RunHistory& history) {
  std::ifstream lines(file);
  std::string line;
  if (!std::getline(lines, line)) return;
  std::map<std::string, std::size_t> column;
  for (const auto& name : cellsOf(line)) column.emplace(name, column.size());
  std::map<int, ClassRows> classes;
  while (std::getline(lines, line)) {
    const Row row = cellsOf(line);
    const auto cell = [&](const char* name) {
      const auto at = column.find(name);
      return at == column.end() || at->second >= row.size() ? std::string() : row[at->second];
    };
    const double label = numberOf(cell("class"));
    if (!std::isfinite(label)) continue;
    auto& rows = classes[static_cast<int>(label)];
    rows.name = cell("name");
    const double dsc = numberOf(cell("dsc"));
    rows.dsc.add(dsc);
    if (dsc > 0) rows.without_failures.add(dsc);
    rows.nsd.add(numberOf(cell("nsd_1mm")));
    rows.hd95.add(numberOf(cell("hd95_mm")));
    rows.assd.add(numberOf(cell("assd_mm")));
  }
  for (const auto& [label, rows] : classes)
    history.scores.push_back({label, rows.name, rows.dsc.count(),
                              rows.dsc.count() - rows.without_failures.count(), rows.dsc.score(),
                              rows.without_failures.score().mean, rows.nsd.score(), rows.hd95.score(),
                              rows.assd.score()});
}

}  // namespace

RunHistory readRunHistory(const fs::path& folder) {
  RunHistory history;
  history.run = json::parse(core::readFile(folder / "run.json"), nullptr, /*allow_exceptions=*/false);
  if (!history.run.is_object())
    throw core::InputError((folder / "run.json").string(), "is damaged", "take it from a copy of the run");
  readEvents(folder / "events.jsonl", history);
  readScores(folder / "scores.csv", history);
  return history;
}

}  // namespace rind::exporting
