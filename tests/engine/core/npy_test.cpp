#include "rind/core/npy.h"

#include <gtest/gtest.h>

#include "rind/core/atomic_file.h"
#include "rind/core/error.h"
#include "rind/test_support/temporary_folder.h"

namespace rind::core {

TEST(Npy, RoundTripKeepsShapeTypeAndValues) {
  const test_support::TemporaryFolder folder;
  const std::vector<float> values = {1.5F, -2.0F, 0.0F, 3.25F, 1e-30F, 7.0F};
  writeNpy(folder / "a.npy", "f4", {2, 3}, values.data());
  const NpyArray read = readNpy(folder / "a.npy");
  EXPECT_EQ(read.type, "f4");
  EXPECT_EQ(read.shape, (std::vector<std::int64_t>{2, 3}));
  EXPECT_EQ(read.as<float>(), values);
}

TEST(Npy, FortranOrderAndBigEndianAreBroughtToCOrder) {
  const test_support::TemporaryFolder folder;
  std::string file("\x93NUMPY\x01\x00", 8);
  std::string header = "{'descr': '>i2', 'fortran_order': True, 'shape': (2, 3), }";
  header.append(117 - header.size(), ' ');
  header += '\n';
  file += static_cast<char>(header.size());
  file += '\0';
  file += header;
  for (const char* value = "\1\4\2\5\3\6"; *value; ++value) (file += '\0') += *value;
  writeFileWhole(folder / "f.npy", file);
  EXPECT_EQ(readNpy(folder / "f.npy").as<std::int32_t>(), (std::vector<std::int32_t>{1, 2, 3, 4, 5, 6}));
}

TEST(Npy, EveryTruncationIsRefusedWithTheFilesName) {
  const test_support::TemporaryFolder folder;
  const std::vector<std::int16_t> values(12, 3);
  writeNpy(folder / "a.npy", "i2", {3, 4}, values.data());
  const std::string whole = readFile(folder / "a.npy");
  for (std::size_t length = 0; length < whole.size(); ++length) {
    writeFileWhole(folder / "cut.npy", whole.substr(0, length));
    try {
      readNpy(folder / "cut.npy");
      FAIL() << "accepted " << length << " bytes";
    } catch (const InputError& error) {
      EXPECT_NE(std::string(error.what()).find("cut.npy"), std::string::npos);
    }
  }
}

}  // namespace rind::core
