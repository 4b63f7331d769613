#pragma once

#include <QString>
#include <string>
#include <utility>
#include <vector>

namespace rind::models {

/// What a control needs to know of a setting: its name, its range and what to teach about it. Its texts are
/// English; the screen shows them through settingText.
struct SettingDomain {
  /// `optional_real` may have no value (null).
  enum class Kind { integer, real, optional_real, choice, toggle, text };

  std::string key;
  Kind kind = Kind::text;
  std::string label;
  /// Rich text for the tooltip.
  std::string explanation;
  double least = 0;
  double most = 0;
  double step = 1;
  int decimals = 0;
  /// Stored value and what is shown for it.
  std::vector<std::pair<std::string, std::string>> choices;
  /// What is shown for the least value where that switches something off, or for no value.
  std::string none;
};

/// Of all settings that the interface shows.
const std::vector<SettingDomain>& settingDomains();

/// One of a domain's texts in the language of the screen.
QString settingText(const std::string& text);

/// Throws std::out_of_range for a key that has none.
const SettingDomain& domainOf(const std::string& key);

/// The name that the screen has for a setting, or its key where it shows none.
QString labelOf(const std::string& key);

}  // namespace rind::models
