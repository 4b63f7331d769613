# rind_library(NAME SOURCES … LINK … PRIVATE_LINK … [TORCH aten|nn])
#
# A folder's target. Its headers are reached as "rind/NAME/header.h" through a link in the build tree,
# and only by targets that link NAME: an include that the link graph does not allow does not compile.

add_library(rind_warnings INTERFACE)
target_compile_options(rind_warnings INTERFACE -Wall -Wextra -Wconversion -Wshadow
  -Wno-missing-field-initializers  # designated initialisers leave the rest at their defaults
  -Wno-restrict)  # GCC 12 sees overlaps in std::string that are not there (its bug 105329)
if(RIND_WERROR)
  target_compile_options(rind_warnings INTERFACE -Werror)
endif()
# For tests, which are compiled more often than run; what they test is optimised as ever.
add_library(rind_quick_compile INTERFACE)
target_compile_options(rind_quick_compile INTERFACE $<$<CONFIG:Release>:-O1>)
if(RIND_SANITIZE)
  add_compile_options(-fsanitize=${RIND_SANITIZE} -fno-omit-frame-pointer -g1)
  add_link_options(-fsanitize=${RIND_SANITIZE})
endif()

find_program(RIND_CCACHE ccache)
if(RIND_CCACHE)
  # Precompiled headers need to be told apart by content, not by time.
  set(launcher ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${RIND_CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${launcher})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${launcher})
endif()
find_program(RIND_LLD ld.lld)
if(RIND_LLD)
  add_link_options(-fuse-ld=lld)
endif()

# rind_precompiled(NAME HEADERS … LINK …): headers that targets of the same flags reuse (REUSE_FROM NAME).
file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/pch)
function(rind_precompiled name)
  cmake_parse_arguments(ARG "" "" "HEADERS;LINK" ${ARGN})
  set(source ${CMAKE_BINARY_DIR}/pch/${name}.cpp)
  if(NOT EXISTS ${source})  # once: a new date would have all that uses it built again
    file(WRITE ${source} "")
  endif()
  add_library(${name} OBJECT ${source})
  target_precompile_headers(${name} PRIVATE ${ARG_HEADERS})
  target_link_libraries(${name} PRIVATE rind_warnings ${ARG_LINK})
endfunction()

# Adds a folder where it is there (a GPU server carries only part of the tree).
function(rind_folder path)
  if(EXISTS ${CMAKE_SOURCE_DIR}/${path}/CMakeLists.txt)
    add_subdirectory(${CMAKE_SOURCE_DIR}/${path} ${CMAKE_BINARY_DIR}/${path})
  endif()
endfunction()

function(rind_library name)
  cmake_parse_arguments(ARG "" "TORCH" "SOURCES;LINK;PRIVATE_LINK" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  set(include ${CMAKE_BINARY_DIR}/include/${name})
  file(MAKE_DIRECTORY ${include}/rind)
  file(CREATE_LINK ${CMAKE_CURRENT_SOURCE_DIR} ${include}/rind/${name} SYMBOLIC)
  target_include_directories(${name} PUBLIC ${include})
  target_link_libraries(${name} PUBLIC ${ARG_LINK} PRIVATE rind_warnings ${ARG_PRIVATE_LINK})
  if(ARG_TORCH)
    rind_use_torch(${name} ${ARG_TORCH})
  endif()
endfunction()

# Files named *_kernel.cpp are compiled once per instruction set by Highway and know nothing of LibTorch. Where Highway
# is missing (a GPU server), without_highway.cpp stands in for them and LibTorch's own calls compute.
function(rind_kernel_sources variable)
  set(list ${${variable}})
  if(hwy_FOUND)
    list(FILTER list EXCLUDE REGEX "without_highway.cpp$")
  else()
    message(STATUS "Highway is missing: ${CMAKE_CURRENT_SOURCE_DIR} computes in plain LibTorch calls")
    list(FILTER list EXCLUDE REGEX "_kernel.cpp$")
  endif()
  set(${variable} ${list} PARENT_SCOPE)
endfunction()
function(rind_link_kernels name)
  if(NOT hwy_FOUND)
    return()
  endif()
  set(kernels ${ARGN})
  list(FILTER kernels INCLUDE REGEX "_kernel.cpp$")
  set_source_files_properties(${kernels} PROPERTIES SKIP_PRECOMPILE_HEADERS ON
    COMPILE_DEFINITIONS HWY_DISABLED_TARGETS=HWY_SSSE3)
  target_link_libraries(${name} PRIVATE hwy::hwy)
endfunction()

# rind_test(NAME SOURCES … LINK … [LABEL …] [TORCH aten|nn] [MAIN target-with-main])
# One test program; each of its test cases is one ctest entry.
function(rind_test name)
  cmake_parse_arguments(ARG "" "TORCH;MAIN;TIMEOUT" "SOURCES;LINK;LABEL" ${ARGN})
  if(NOT ARG_MAIN)
    set(ARG_MAIN GTest::gtest_main)
  endif()
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 300)
  endif()
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_LINK} test_support GTest::gmock ${ARG_MAIN} rind_warnings rind_quick_compile)
  if(ARG_TORCH)
    rind_use_torch(${name} ${ARG_TORCH})
  elseif(NOT "OpenMP::OpenMP_CXX" IN_LIST ARG_LINK)  # whose flag the precompiled headers lack
    target_precompile_headers(${name} REUSE_FROM test_pch)
  endif()
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES LABELS "${ARG_LABEL}" TIMEOUT ${ARG_TIMEOUT}
    ENVIRONMENT "OMP_WAIT_POLICY=passive")  # threads that wait do not spin: several tests share the processors
endfunction()
