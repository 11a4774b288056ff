# How our own code is compiled. Third-party code (SQLite) does not take these.
include(CheckPIESupported)
check_pie_supported()
add_library(hansa_flags INTERFACE)
target_include_directories(hansa_flags INTERFACE ${CMAKE_SOURCE_DIR}/src ${CMAKE_SOURCE_DIR}/include)
target_compile_definitions(hansa_flags INTERFACE _GNU_SOURCE HANSA_VERSION="${PROJECT_VERSION}")
target_compile_options(hansa_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wdouble-promotion -Wformat=2
  -Wcast-qual -Wcast-align -Wvla -Wswitch-enum -Wundef -Wstrict-prototypes -Wmissing-prototypes
  -Wwrite-strings -Wpointer-arith
  -ffp-contract=off -fno-common -fvisibility=hidden
  $<$<BOOL:${HANSA_WERROR}>:-Werror>)
if(CMAKE_C_COMPILER_ID STREQUAL GNU)
  target_compile_options(hansa_flags INTERFACE
    -Wlogical-op -Wduplicated-cond -Wduplicated-branches -Wjump-misses-init)
else()
  # The labels and attributes of C23 are what this project is written in; clang 14 still calls them extensions.
  target_compile_options(hansa_flags INTERFACE
    -Wcomma -Wassign-enum -Wconditional-uninitialized -Wdocumentation -Wno-c2x-extensions)
endif()
if(HANSA_SANITIZE)
  add_compile_options(-fsanitize=${HANSA_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${HANSA_SANITIZE})
elseif(CMAKE_BUILD_TYPE STREQUAL Release OR CMAKE_BUILD_TYPE STREQUAL RelWithDebInfo)
  target_compile_options(hansa_flags INTERFACE
    -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -fstack-protector-strong -fstack-clash-protection -fcf-protection=full)
  target_link_options(hansa_flags INTERFACE -Wl,-z,relro,-z,now)
endif()
if(HANSA_FUZZ)
  if(NOT CMAKE_C_COMPILER_ID STREQUAL Clang)
    message(FATAL_ERROR "The fuzz targets need clang's libFuzzer; use: cmake --preset fuzz")
  endif()
  # Our own code is instrumented for the fuzzer's feedback; third-party code only runs.
  target_compile_options(hansa_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(HANSA_COVERAGE)
  add_compile_options(--coverage -fprofile-update=atomic)
  add_link_options(--coverage)
endif()
# HS_ASSERT is always on; NDEBUG would only silence third-party asserts.
string(REPLACE "-O3" "-O2" CMAKE_C_FLAGS_RELEASE "${CMAKE_C_FLAGS_RELEASE}")
