#pragma once

// What the programs share that a script races: the product's heap, and the most memory that was held.
#include <fstream>
#include <string>

// As the product's: keep freed memory, use huge pages.
extern "C" {
extern const char* malloc_conf;
const char* malloc_conf =
    "dirty_decay_ms:-1,muzzy_decay_ms:-1,oversize_threshold:0,thp:always,metadata_thp:always";
}

inline double peakMebibytes() {
  std::ifstream status("/proc/self/status");
  for (std::string name, rest; status >> name && std::getline(status, rest);)
    if (name == "VmHWM:") return std::stod(rest) / 1024;
  return 0;
}
