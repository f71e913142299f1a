# The bill of materials (docs/dependencies.md): the target `sbom`, which is part of
# `all`, and what is installed of it. MFO_SBOM is its file, empty where there is none.

set(MFO_SBOM "")
find_program(MFO_PYTHON3 python3 HINTS /usr/bin)
find_program(DPKG_QUERY_PROGRAM dpkg-query)
mark_as_advanced(DPKG_QUERY_PROGRAM)

set(why "")
if(MFO_SANITIZERS)
  set(why "with sanitizers the program is not the one that is shipped")
elseif(NOT MFO_PYTHON3)
  set(why "there is no python3")
elseif(NOT DPKG_QUERY_PROGRAM)
  set(why "there is no dpkg-query to tell which packages libraries are from")
elseif(NOT CMAKE_GENERATOR STREQUAL "Ninja")
  set(why "only Ninja can be asked which headers were read")
endif()
if(why)
  message(STATUS "No bill of materials: ${why}")
  return()
endif()

set(MFO_SBOM ${CMAKE_BINARY_DIR}/mfo-node.cdx.json)
set(sbom_tool ${CMAKE_SOURCE_DIR}/tools/sbom)
# Made again when packages come, go or change.
set(sbom_packages /var/lib/dpkg/status)
if(NOT EXISTS ${sbom_packages})
  set(sbom_packages "")
endif()
add_custom_command(OUTPUT ${MFO_SBOM}
  COMMAND ${MFO_PYTHON3} -B ${sbom_tool} $<TARGET_FILE:mfo-node>
    --tree ${CMAKE_BINARY_DIR} --ninja ${CMAKE_MAKE_PROGRAM}
    --version ${PROJECT_VERSION} --output ${MFO_SBOM}
  DEPENDS mfo-node ${sbom_tool} ${CMAKE_SOURCE_DIR}/docs/dependencies.md
    ${sbom_packages}
  COMMENT "Writing the bill of materials"
  VERBATIM)
add_custom_target(sbom ALL DEPENDS ${MFO_SBOM})

# With the hash of the program as it has been installed, perhaps stripped.
set(sbom_installed ${CMAKE_BINARY_DIR}/installed/mfo-node.cdx.json)
file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/installed)
install(CODE "
  file(REMOVE \"${sbom_installed}\")
  if(EXISTS \"${MFO_SBOM}\")
    execute_process(COMMAND \"${MFO_PYTHON3}\" -B \"${sbom_tool}\"
      \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/bin/mfo-node\"
      --like \"${MFO_SBOM}\" --output \"${sbom_installed}\"
      COMMAND_ERROR_IS_FATAL ANY)
  else()
    message(WARNING \"No bill of materials: the target sbom was not built\")
  endif()")
install(FILES ${sbom_installed} DESTINATION share/mfo-node OPTIONAL)
