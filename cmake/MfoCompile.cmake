# How everything of ours is compiled: ccache if present, one set of warnings,
# sanitizers and hardening, and one function for a library of the house.

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  # The sloppiness is what ccache's manual asks for with precompiled headers;
  # the base directory lets every tree and every clone share what is cached.
  set(CMAKE_CXX_COMPILER_LAUNCHER
    ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros
    CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=true
    ${CCACHE_PROGRAM})
endif()

add_library(mfo_compile INTERFACE)
target_include_directories(mfo_compile INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_options(mfo_compile INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Wcast-align
  -Woverloaded-virtual -Wimplicit-fallthrough)
# False alarms of g++ 12 about "a" + std::string at -O2: GCC bug 105651.
target_compile_options(mfo_compile INTERFACE
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)
# Of several sources in one unit: what is another source's own looks like ours.
if(CMAKE_UNITY_BUILD)
  target_compile_options(mfo_compile INTERFACE
    $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage> -Wno-shadow)
endif()
# Boost.Asio keeps the memory of ended operations for the next ones, of each
# thread: two blocks, where a node has a read, a write or a wait under way for each
# of its connections, and ends and begins many of them in a turn. All that use
# Boost.Asio have to agree on it.
target_compile_definitions(mfo_compile INTERFACE
  BOOST_ASIO_RECYCLING_ALLOCATOR_CACHE_SIZE=32)
if(MFO_WERROR)
  target_compile_options(mfo_compile INTERFACE -Werror)
endif()
if(MFO_SANITIZERS)
  target_compile_options(mfo_compile INTERFACE
    -fsanitize=${MFO_SANITIZERS} -fno-sanitize-recover=all
    -fno-omit-frame-pointer)
  target_link_options(mfo_compile INTERFACE -fsanitize=${MFO_SANITIZERS})
  target_compile_options(mfo_compile INTERFACE
    $<$<CXX_COMPILER_ID:Clang>:-fsanitize-ignorelist=${CMAKE_SOURCE_DIR}/cmake/sanitizer_ignorelist.txt>)
  if(MFO_SANITIZERS MATCHES "address")
    # One name for what g++ and clang++ tell in different ways.
    target_compile_definitions(mfo_compile INTERFACE MFO_ADDRESS_SANITIZER)
  endif()
  if(MFO_SANITIZERS STREQUAL "thread")
    # Boost.Asio's fences, which this sanitizer does not follow.
    target_compile_options(mfo_compile INTERFACE -Wno-tsan)
  endif()
else()
  # What each is for: docs/security.md. tests/house/hardening_test.cpp looks for
  # them in the program.
  target_compile_options(mfo_compile INTERFACE
    -fstack-protector-strong -fstack-clash-protection)
  target_compile_definitions(mfo_compile INTERFACE
    $<$<CONFIG:Release,RelWithDebInfo,MinSizeRel>:_FORTIFY_SOURCE=3>)
  target_link_options(mfo_compile INTERFACE -Wl,-z,relro,-z,now
    -Wl,-z,noexecstack,-z,text -Wl,-z,pack-relative-relocs)
  # One object without the mark takes it from the whole program, so this costs
  # instructions for nothing where the C library's start-up code has none.
  include(CheckCXXSourceCompiles)
  set(CMAKE_REQUIRED_FLAGS -fcf-protection=full)
  set(CMAKE_REQUIRED_LINK_OPTIONS -Wl,-z,cet-report=error)
  check_cxx_source_compiles("int main() {}" MFO_CET)
  unset(CMAKE_REQUIRED_FLAGS)
  unset(CMAKE_REQUIRED_LINK_OPTIONS)
  if(MFO_CET)
    target_compile_options(mfo_compile INTERFACE -fcf-protection=full)
  endif()
endif()
# All of ours ends in executables: so is its code, which calls its own functions
# without asking the dynamic linker, and may inline them.
include(CheckPIESupported)
check_pie_supported(LANGUAGES CXX)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

# Where CMAKE_UNITY_BUILD is on, sources are compiled several at a time, so that
# what their headers bring is compiled once for all. Of 24, a source took a fifth
# less than of 12 (docs/adr/0010-trees-of-ci.md).
set(CMAKE_UNITY_BUILD_BATCH_SIZE 32)

# compile_alone(FILE…): not with others; its names clash with theirs.
macro(compile_alone)
  set_source_files_properties(${ARGV} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
endmacro()

# mfo_library(NAME SOURCES a.cpp … [ALONE a.cpp …] DEPENDS target …
#             [PRECOMPILE header …] [FUZZED]): a static library of the house,
# named mfo_NAME. FUZZED is for what fuzz targets are to see the ways through;
# not for coroutines, which clang++ 14 cannot compile with it.
function(mfo_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "FUZZED" "" "SOURCES;ALONE;DEPENDS;PRECOMPILE")
  add_library(mfo_${name} STATIC ${arg_SOURCES})
  set_target_properties(mfo_${name} PROPERTIES POSITION_INDEPENDENT_CODE OFF)
  target_compile_options(mfo_${name} PRIVATE -fPIE)
  compile_alone(${arg_ALONE})
  if(name IN_LIST MFO_UNOPTIMISED)
    target_compile_options(mfo_${name} PRIVATE -O0)
  endif()
  if(arg_FUZZED AND MFO_FUZZ)
    target_compile_options(mfo_${name} PRIVATE -fsanitize=fuzzer-no-link)
  endif()
  target_link_libraries(mfo_${name} PUBLIC mfo_compile ${arg_DEPENDS})
  if(arg_PRECOMPILE AND NOT CMAKE_UNITY_BUILD)
    target_precompile_headers(mfo_${name} PRIVATE ${arg_PRECOMPILE})
  endif()
endfunction()
