# What an installation holds: the program, libhansa (shared and static, public symbols only) with its headers and hansa.pc, the
# manual, and DuckDB's library in a folder of its own, where nothing but our program finds it.
file(GLOB HANSA_PUBLIC_HEADERS CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/include/hansa/*.h)
file(GLOB HANSA_MAN_SOURCES CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/docs/man/*.scd)

add_library(hansa_shared SHARED $<TARGET_OBJECTS:hansa_rooms>)
target_link_libraries(hansa_shared PRIVATE -Wl,--as-needed ${HANSA_LIBRARY_DEPENDS})
target_link_options(hansa_shared PRIVATE -Wl,-z,relro,-z,now,-z,defs)
set_target_properties(hansa_shared PROPERTIES
  OUTPUT_NAME hansa VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR} LINKER_LANGUAGE C
  LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib)

# One object in which every hidden symbol has become local, so that the archive offers what the shared library offers.
set(HANSA_STATIC ${CMAKE_BINARY_DIR}/lib/libhansa.a)
add_custom_command(OUTPUT ${HANSA_STATIC}
  COMMAND ${CMAKE_C_COMPILER} -r -nostdlib -o ${CMAKE_BINARY_DIR}/lib/hansa.o $<TARGET_OBJECTS:hansa_rooms>
  COMMAND ${CMAKE_OBJCOPY} --localize-hidden ${CMAKE_BINARY_DIR}/lib/hansa.o
  COMMAND ${CMAKE_COMMAND} -E rm -f ${HANSA_STATIC}
  COMMAND ${CMAKE_AR} rcs ${HANSA_STATIC} ${CMAKE_BINARY_DIR}/lib/hansa.o
  DEPENDS hansa_rooms $<TARGET_OBJECTS:hansa_rooms> hansa_shared
  COMMAND_EXPAND_LISTS VERBATIM)
add_custom_target(hansa_static ALL DEPENDS ${HANSA_STATIC})

find_program(SCDOC scdoc REQUIRED DOC "Makes the man pages")
set(HANSA_MAN_PAGES "")
foreach(source IN LISTS HANSA_MAN_SOURCES)
  get_filename_component(page ${source} NAME_WLE)
  add_custom_command(OUTPUT ${CMAKE_BINARY_DIR}/man/${page}
    COMMAND ${CMAKE_COMMAND} -DSCDOC=${SCDOC} -DSOURCE=${source} -DOUT=${CMAKE_BINARY_DIR}/man/${page}
            -P ${CMAKE_SOURCE_DIR}/cmake/Man.cmake
    DEPENDS ${source} ${CMAKE_SOURCE_DIR}/cmake/Man.cmake VERBATIM)
  list(APPEND HANSA_MAN_PAGES ${CMAKE_BINARY_DIR}/man/${page})
endforeach()
add_custom_target(man ALL DEPENDS ${HANSA_MAN_PAGES})

# Both files find the rest from where they stand, so that an installation can be moved.
file(RELATIVE_PATH HANSA_LIBDIR_FROM_BIN /prefix/${CMAKE_INSTALL_BINDIR} /prefix/${CMAKE_INSTALL_LIBDIR})
file(RELATIVE_PATH HANSA_PREFIX_FROM_PC /prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig /prefix)
set_target_properties(hansa PROPERTIES INSTALL_RPATH "$ORIGIN/${HANSA_LIBDIR_FROM_BIN}/hansa")
string(REGEX REPLACE "/$" "" HANSA_PREFIX_FROM_PC ${HANSA_PREFIX_FROM_PC})
configure_file(${CMAKE_SOURCE_DIR}/cmake/hansa.pc.in ${CMAKE_BINARY_DIR}/lib/hansa.pc @ONLY)

install(TARGETS hansa hansa_shared)
install(FILES ${HANSA_STATIC} TYPE LIB)
install(FILES ${HANSA_DEPS}/duckdb/libduckdb.so DESTINATION ${CMAKE_INSTALL_LIBDIR}/hansa)
install(FILES ${HANSA_PUBLIC_HEADERS} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/hansa)
install(FILES ${CMAKE_BINARY_DIR}/lib/hansa.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
install(FILES ${HANSA_MAN_PAGES} DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${CMAKE_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES ${HANSA_DEPS}/duckdb/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME LICENSE.duckdb)
