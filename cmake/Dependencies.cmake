# Debian's packages by pkg-config; SQLite and DuckDB from deps/, where tools/setup.sh puts them after checking their hashes.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
pkg_check_modules(JANSSON REQUIRED IMPORTED_TARGET jansson)
pkg_check_modules(SODIUM REQUIRED IMPORTED_TARGET libsodium)
find_package(ZLIB REQUIRED)
pkg_check_modules(EXPAT REQUIRED IMPORTED_TARGET expat)
pkg_check_modules(GSL REQUIRED IMPORTED_TARGET gsl)
# What the rooms of libhansa use; cmake/hansa.pc.in names the same.
set(HANSA_LIBRARY_DEPENDS
  PkgConfig::JANSSON PkgConfig::SODIUM PkgConfig::GSL ZLIB::ZLIB Threads::Threads m)

set(HANSA_DEPS ${CMAKE_SOURCE_DIR}/deps CACHE PATH "Where tools/setup.sh unpacked SQLite and DuckDB")
if(NOT EXISTS ${HANSA_DEPS}/duckdb/libduckdb.so OR NOT EXISTS ${HANSA_DEPS}/sqlite/sqlite3.c)
  message(STATUS "Fetching SQLite and DuckDB (tools/setup.sh libraries)")
  execute_process(COMMAND ${CMAKE_SOURCE_DIR}/tools/setup.sh libraries RESULT_VARIABLE HANSA_SETUP)
  if(NOT HANSA_SETUP EQUAL 0)
    message(FATAL_ERROR "SQLite and DuckDB are missing in ${HANSA_DEPS}; run tools/setup.sh")
  endif()
endif()

add_library(hansa_sqlite OBJECT ${HANSA_DEPS}/sqlite/sqlite3.c)
target_include_directories(hansa_sqlite SYSTEM PUBLIC ${HANSA_DEPS}/sqlite)
# Not under the sanitizers: it is tested by its makers, and instrumenting nine megabytes takes minutes.
target_compile_options(hansa_sqlite PRIVATE -w -fvisibility=hidden -fno-sanitize=all)
target_compile_definitions(hansa_sqlite PRIVATE
  SQLITE_DQS=0 SQLITE_THREADSAFE=2 SQLITE_DEFAULT_MEMSTATUS=0 SQLITE_DEFAULT_FOREIGN_KEYS=1
  SQLITE_LIKE_DOESNT_MATCH_BLOBS SQLITE_OMIT_DEPRECATED SQLITE_OMIT_LOAD_EXTENSION
  SQLITE_OMIT_SHARED_CACHE SQLITE_USE_ALLOCA SQLITE_ENABLE_STMT_SCANSTATUS=0 HAVE_FDATASYNC=1)

add_library(hansa_duckdb SHARED IMPORTED)
set_target_properties(hansa_duckdb PROPERTIES IMPORTED_LOCATION ${HANSA_DEPS}/duckdb/libduckdb.so IMPORTED_NO_SONAME ON)
target_include_directories(hansa_duckdb SYSTEM INTERFACE ${HANSA_DEPS}/duckdb)
