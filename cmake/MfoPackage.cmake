# The package for Debian, by CPack: `./dev package` makes and tries it. What it has
# beside what `cmake --install` installs is in deploy/debian.

set(debian ${CMAKE_SOURCE_DIR}/deploy/debian)
set(made ${CMAKE_BINARY_DIR}/debian)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME mfo-node)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY
  "Takes events in by webhook, proves them, delivers them to an MFO server")
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ
  WORLD_EXECUTE)

# By default, `cmake --install` leaves the component `debian` out.
set(CPACK_COMPONENTS_ALL Unspecified debian)
set(CPACK_COMPONENTS_GROUPING ALL_COMPONENTS_IN_ONE)
set(CPACK_DEB_COMPONENT_INSTALL ON)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_MAINTAINER "MFO node maintainers <mfo-node@mfo.example>"
  CACHE STRING "Who answers for the package: a name, and an address in <>")
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# What no library tells of: who makes the user, certificates of authorities, and
# the time zones of schedules.
set(CPACK_DEBIAN_PACKAGE_DEPENDS "adduser, ca-certificates, tzdata")
# Draws `taskflow graph --format svg`.
set(CPACK_DEBIAN_PACKAGE_SUGGESTS graphviz)
set(CPACK_PACKAGE_DESCRIPTION
  "It takes events in by webhook, verifies their signatures, and delivers them to
the REST API of a MindFlight Orchestrator, alone or in a cluster. What is to be
done with an event may also be a taskflow, written in YAML.

The package starts a node that listens on this host alone, with a secret made
at the installation, and has a stand-in server to try it with.")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
  ${debian}/postinst ${debian}/prerm ${debian}/postrm ${made}/conffiles)

# Since the Epoch of SOURCE_DATE_EPOCH, where that is set.
string(TIMESTAMP changelog_date "%a, %d %b %Y %H:%M:%S +0000" UTC)
configure_file(${debian}/changelog.in ${made}/changelog.Debian @ONLY)
configure_file(${CMAKE_SOURCE_DIR}/CHANGELOG.md ${made}/changelog COPYONLY)
file(WRITE ${made}/conffiles "/etc/mfo-node/node.yaml\n")
foreach(each changelog changelog.Debian)
  execute_process(COMMAND gzip -9nf ${made}/${each} COMMAND_ERROR_IS_FATAL ANY)
endforeach()

# install_debian(TO FILE…)
function(install_debian to)
  install(FILES ${ARGN} DESTINATION ${to} COMPONENT debian EXCLUDE_FROM_ALL)
endfunction()

install_debian(/etc/mfo-node ${debian}/node.yaml)
install_debian(/lib/systemd/system
  ${debian}/mfo-node.service ${debian}/mfo-dev-server.service)
install_debian(share/doc/mfo-node
  ${debian}/copyright ${made}/changelog.gz ${made}/changelog.Debian.gz)
install_debian(share/doc/mfo-node/examples
  ${CMAKE_SOURCE_DIR}/config/examples/full.yaml
  ${CMAKE_SOURCE_DIR}/config/examples/cluster.yaml
  ${CMAKE_SOURCE_DIR}/config/examples/github.yaml)
install(FILES ${debian}/lintian-overrides DESTINATION share/lintian/overrides
  RENAME mfo-node COMPONENT debian EXCLUDE_FROM_ALL)

include(CPack)
