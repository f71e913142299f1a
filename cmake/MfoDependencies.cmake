# Everything comes from Debian 12 packages; `./dev deps` lists and installs
# them. Packages without a CMake config get their target here.

find_package(Threads REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_package(ZLIB 1.2 REQUIRED)
find_package(yaml-cpp 0.7 REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(simdjson 3.0 REQUIRED)
find_package(fmt 9 REQUIRED) # before restinio, whose config needs its target
find_package(prometheus-cpp REQUIRED COMPONENTS core) # states no version
find_package(Boost 1.81 REQUIRED)
find_package(CLI11 2.1 REQUIRED)
find_package(tl-expected REQUIRED)
find_package(date 3.0 REQUIRED) # time zones, which g++ 12 lacks
find_package(CAF 0.17.6 EXACT REQUIRED)

# Debian's RESTinio is configured for stand-alone Asio; this target is the same
# headers over Boost.Asio, so that listener and client share one io_context
# (docs/adr/0003-one-asio.md).
find_path(RESTINIO_INCLUDE_DIR restinio/all.hpp REQUIRED)
find_library(HTTP_PARSER_LIBRARY http_parser REQUIRED)
add_library(mfo_restinio INTERFACE)
target_include_directories(mfo_restinio SYSTEM INTERFACE ${RESTINIO_INCLUDE_DIR})
# Senders have more fields than the four that RESTinio makes room for at first.
target_compile_definitions(mfo_restinio INTERFACE
  RESTINIO_USE_BOOST_ASIO RESTINIO_HEADER_FIELDS_DEFAULT_RESERVE_COUNT=6)
target_link_libraries(mfo_restinio INTERFACE
  mfo_asio fmt::fmt ${HTTP_PARSER_LIBRARY})

add_library(mfo_asio INTERFACE)
target_compile_definitions(mfo_asio INTERFACE BOOST_ASIO_NO_DEPRECATED_HEADERS)
target_link_libraries(mfo_asio INTERFACE
  Boost::headers OpenSSL::SSL OpenSSL::Crypto Threads::Threads)

find_package(rabbitmq-c REQUIRED)
find_path(HIREDIS_INCLUDE_DIR hiredis/hiredis.h REQUIRED)
find_library(HIREDIS_LIBRARY hiredis REQUIRED)
add_library(mfo_hiredis INTERFACE)
target_include_directories(mfo_hiredis SYSTEM INTERFACE ${HIREDIS_INCLUDE_DIR})
target_link_libraries(mfo_hiredis INTERFACE ${HIREDIS_LIBRARY})

# In place of glibc's malloc (docs/adr/0028-jemalloc.md); sanitizers have their own.
find_path(JEMALLOC_INCLUDE_DIR jemalloc/jemalloc.h REQUIRED)
find_library(JEMALLOC_LIBRARY jemalloc REQUIRED)
add_library(mfo_malloc INTERFACE)
if(NOT MFO_SANITIZERS)
  target_include_directories(mfo_malloc SYSTEM INTERFACE ${JEMALLOC_INCLUDE_DIR})
  target_compile_definitions(mfo_malloc INTERFACE MFO_JEMALLOC)
  target_link_libraries(mfo_malloc INTERFACE ${JEMALLOC_LIBRARY})
endif()

find_package(valijson REQUIRED) # states no version
find_path(RE2_INCLUDE_DIR re2/re2.h REQUIRED)
find_library(RE2_LIBRARY re2 REQUIRED)
add_library(mfo_re2 INTERFACE)
target_include_directories(mfo_re2 SYSTEM INTERFACE ${RE2_INCLUDE_DIR})
target_link_libraries(mfo_re2 INTERFACE ${RE2_LIBRARY})

find_path(JQ_INCLUDE_DIR jq.h REQUIRED)
find_library(JQ_LIBRARY jq REQUIRED)
add_library(mfo_jq INTERFACE)
target_include_directories(mfo_jq SYSTEM INTERFACE ${JQ_INCLUDE_DIR})
target_link_libraries(mfo_jq INTERFACE ${JQ_LIBRARY})
