# LibTorch as an imported target. The wheel's own TorchConfig.cmake wants a CUDA toolkit; this does not.
#
# Looked for in this order: CMAKE_PREFIX_PATH (a LibTorch folder, or the folder of an installed `torch`),
# .deps/libtorch (see tools/fetch-libtorch), the `torch` that python3 imports.

function(rind_python_torch out)
  execute_process(COMMAND python3 -c "import torch, os; print(os.path.dirname(torch.__file__))"
                  OUTPUT_VARIABLE path OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  set(${out} "${path}" PARENT_SCOPE)
endfunction()

find_path(TORCH_INCLUDE ATen/ATen.h PATHS ${CMAKE_PREFIX_PATH} PATH_SUFFIXES include torch/include NO_DEFAULT_PATH)
if(NOT TORCH_INCLUDE)
  find_path(TORCH_INCLUDE ATen/ATen.h PATHS ${CMAKE_SOURCE_DIR}/.deps/libtorch/torch/include NO_DEFAULT_PATH)
endif()
if(NOT TORCH_INCLUDE)
  rind_python_torch(python_torch)
  find_path(TORCH_INCLUDE ATen/ATen.h PATHS ${python_torch}/include NO_DEFAULT_PATH)
endif()
if(NOT TORCH_INCLUDE)
  message(FATAL_ERROR "LibTorch is missing. Run ./dev build (it fetches it), or give one with -DCMAKE_PREFIX_PATH=/path/to/libtorch")
endif()
get_filename_component(TORCH_ROOT ${TORCH_INCLUDE} DIRECTORY)
message(STATUS "LibTorch: ${TORCH_ROOT}")

add_library(libtorch INTERFACE)
target_include_directories(libtorch SYSTEM INTERFACE ${TORCH_INCLUDE} ${TORCH_INCLUDE}/torch/csrc/api/include)
target_link_libraries(libtorch INTERFACE ${TORCH_ROOT}/lib/libtorch_cpu.so ${TORCH_ROOT}/lib/libc10.so)
target_link_options(libtorch INTERFACE -Wl,-rpath,${TORCH_ROOT}/lib -Wl,--allow-shlib-undefined)
# One OpenMP run time in the process: LibTorch's own where it brings one.
file(GLOB TORCH_GOMP ${TORCH_ROOT}/lib/libgomp*.so*)

# Two precompiled headers: tensors alone (quick), and tensors with modules and optimisers.
set(torch_flags libtorch OpenMP::OpenMP_CXX Threads::Threads)
rind_precompiled(torch_pch_aten HEADERS <ATen/ATen.h> LINK ${torch_flags})
rind_precompiled(torch_pch_nn HEADERS <torch/types.h> <torch/nn/module.h> <torch/nn/modules/conv.h>
  <torch/nn/modules/batchnorm.h> <torch/optim/adam.h> <torch/serialize.h> LINK ${torch_flags})

function(rind_use_torch name flavour)
  target_link_libraries(${name} PUBLIC libtorch PRIVATE OpenMP::OpenMP_CXX Threads::Threads)
  target_precompile_headers(${name} REUSE_FROM torch_pch_${flavour})
endfunction()
