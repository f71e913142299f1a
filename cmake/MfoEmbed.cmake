# Files that are served as they stand, compiled into the program.

# The pages of a folder, and what belongs to them, by name.
function(mfo_pages_of folder to)
  set(patterns)
  foreach(type css html js svg)
    list(APPEND patterns ${folder}/*.${type})
  endforeach()
  if(CMAKE_SCRIPT_MODE_FILE)
    file(GLOB found ${patterns})
  else()
    file(GLOB found CONFIGURE_DEPENDS ${patterns})
  endif()
  list(SORT found)
  set(${to} ${found} PARENT_SCOPE)
endfunction()

# mfo_embed(FOLDER HEADER NAME OUTPUT): OUTPUT is the source of the function NAME
# that HEADER declares, and follows what is in the folder.
function(mfo_embed folder header name output)
  mfo_pages_of(${folder} files)
  set(script ${CMAKE_SOURCE_DIR}/cmake/embed.cmake)
  add_custom_command(OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DFOLDER=${folder} -DHEADER=${header}
      -DNAME=${name} -DOUTPUT=${output} -P ${script}
    DEPENDS ${files} ${script} ${CMAKE_SOURCE_DIR}/cmake/MfoEmbed.cmake
    COMMENT "Embedding ${folder}"
    VERBATIM)
endfunction()
