# CUDA sources are compiled by nvcc itself into an object, without CMake's CUDA language: the flags of the rest (warnings,
# sanitizers, precompiled headers) are not nvcc's. LibTorch's own CUDA half is not needed: it is met at run time.
#
# RIND_CUDA: "auto" compiles them where nvcc is at least of CUDA 12, "off" never. Where a pack (tools/gpu-check --pack)
# brings the object, that is linked.

set(RIND_CUDA auto CACHE STRING "Compile the CUDA kernels: auto (where nvcc is found) or off")
set(RIND_CUDA_ARCHITECTURES
  -gencode=arch=compute_80,code=sm_80 -gencode=arch=compute_90,code=sm_90 -gencode=arch=compute_75,code=compute_75
  CACHE STRING "nvcc's options for what it compiles for; the last also serves GPUs to come")

function(rind_find_cuda)
  if(RIND_CUDA STREQUAL off OR RIND_PACK)
    return()
  endif()
  find_program(RIND_NVCC nvcc PATHS /usr/local/cuda/bin ENV CUDA_HOME PATH_SUFFIXES bin)
  if(NOT RIND_NVCC)
    return()
  endif()
  execute_process(COMMAND ${RIND_NVCC} --version OUTPUT_VARIABLE version ERROR_QUIET)
  if(version MATCHES "release ([0-9]+)\\.[0-9]+" AND CMAKE_MATCH_1 GREATER_EQUAL 12)
    get_filename_component(root ${RIND_NVCC} REALPATH)
    get_filename_component(root ${root}/../.. ABSOLUTE)
    find_library(RIND_CUDART cudart_static PATHS ${root} PATH_SUFFIXES lib64 lib NO_DEFAULT_PATH)
  endif()
endfunction()

# Sets `variable` to an object file of the CUDA source (or of C++ that needs CUDA's headers), or to nothing where it
# cannot be had. The rest are folders of headers.
function(rind_cuda_object variable source)
  get_filename_component(name ${source} NAME_WE)
  set(${variable} "" PARENT_SCOPE)
  if(RIND_PACK AND EXISTS ${RIND_PACK}/lib/${name}.o)
    set(${variable} ${RIND_PACK}/lib/${name}.o PARENT_SCOPE)
    set(RIND_CUDART ${RIND_PACK}/lib/libcudart_static.a CACHE FILEPATH "" FORCE)
    return()
  endif()
  if(NOT RIND_CUDART OR RIND_PACK)
    message(STATUS "No CUDA compiler: on a GPU, ${source} is left to LibTorch's own calls")
    return()
  endif()
  set(object ${CMAKE_CURRENT_BINARY_DIR}/${name}.o)
  list(TRANSFORM ARGN PREPEND -I OUTPUT_VARIABLE includes)
  add_custom_command(OUTPUT ${object}
    COMMAND ${RIND_NVCC} -c -O3 -std=c++20 -Xcompiler=-fPIC --expt-relaxed-constexpr ${RIND_CUDA_ARCHITECTURES}
            ${includes} -MD -MF ${object}.d -o ${object} ${CMAKE_CURRENT_SOURCE_DIR}/${source}
    DEPENDS ${source} DEPFILE ${object}.d COMMENT "Building CUDA object ${source}" COMMAND_EXPAND_LISTS VERBATIM)
  set(${variable} ${object} PARENT_SCOPE)
endfunction()

rind_find_cuda()
