# Dependencies from a folder of headers and sources (tools/gpu-check --pack), for a machine that has nothing but
# PyTorch, a compiler and CMake. Gives the same targets as the distribution's packages.

add_library(nlohmann_json::nlohmann_json INTERFACE IMPORTED GLOBAL)
target_include_directories(nlohmann_json::nlohmann_json SYSTEM INTERFACE ${RIND_PACK}/include)
add_library(CLI11::CLI11 INTERFACE IMPORTED GLOBAL)
target_include_directories(CLI11::CLI11 SYSTEM INTERFACE ${RIND_PACK}/include)

add_library(pack_zlib STATIC IMPORTED GLOBAL)
set_target_properties(pack_zlib PROPERTIES IMPORTED_LOCATION ${RIND_PACK}/lib/libz.a)
target_include_directories(pack_zlib SYSTEM INTERFACE ${RIND_PACK}/include)
add_library(ZLIB::ZLIB ALIAS pack_zlib)

add_library(pack_hwy SHARED IMPORTED GLOBAL)
set_target_properties(pack_hwy PROPERTIES IMPORTED_LOCATION ${RIND_PACK}/lib/libhwy.so.1 IMPORTED_NO_SONAME TRUE)
target_include_directories(pack_hwy SYSTEM INTERFACE ${RIND_PACK}/include)
add_library(hwy::hwy ALIAS pack_hwy)
set(hwy_FOUND TRUE)

if(RIND_TESTS)
  set(INSTALL_GTEST OFF)
  add_subdirectory(${RIND_PACK}/googletest ${CMAKE_BINARY_DIR}/googletest EXCLUDE_FROM_ALL)
endif()
