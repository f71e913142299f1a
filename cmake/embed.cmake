# cmake -DFOLDER=… -DHEADER=… -DNAME=… -DOUTPUT=… -P embed.cmake: writes a C++
# source that has the pages of a folder in it; MfoEmbed.cmake calls it.
include(${CMAKE_CURRENT_LIST_DIR}/MfoEmbed.cmake)

mfo_pages_of(${FOLDER} files)
set(texts "")
set(entries "")
set(number 0)
foreach(file IN LISTS files)
  file(READ ${file} bytes HEX)
  string(REGEX REPLACE "(..)" "'\\\\x\\1'," bytes "${bytes}")
  file(SHA256 ${file} tag)
  string(SUBSTRING ${tag} 0 32 tag)
  cmake_path(GET file FILENAME name)
  # The zero at the end is none of it: there is no array of nothing.
  string(APPEND texts "constexpr char text_${number}[]{${bytes}'\\0'};\n")
  string(APPEND entries "    {\"${name}\", {text_${number}, sizeof text_${number} - 1}, \"${tag}\"},\n")
  math(EXPR number "${number} + 1")
endforeach()

file(WRITE ${OUTPUT} "#include \"${HEADER}\"

#include <array>

namespace mfo::http {

namespace {

${texts}
constexpr std::array<embedded_file, ${number}> all{{
${entries}}};

} // namespace

std::span<const embedded_file> ${NAME}() noexcept {
  return all;
}

} // namespace mfo::http
")
