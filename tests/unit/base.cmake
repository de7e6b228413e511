sgp_test(test_base ${CMAKE_CURRENT_LIST_DIR}/test_base.c sgp_base)
sgp_test(test_new_file ${CMAKE_CURRENT_LIST_DIR}/test_new_file.c sgp_base)

# Each public header compiles alone.
file(GLOB public_headers CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/include/sigap/*.h)
set(header_sources)
foreach(header IN LISTS public_headers)
  get_filename_component(stem ${header} NAME_WE)
  file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/headers/${stem}.c
       CONTENT "#include \"sigap/${stem}.h\"\ntypedef int header_${stem}_compiles_alone;\n")
  list(APPEND header_sources ${CMAKE_CURRENT_BINARY_DIR}/headers/${stem}.c)
endforeach()
add_library(public_headers OBJECT ${header_sources})
target_include_directories(public_headers PRIVATE ${PROJECT_SOURCE_DIR}/include)
target_compile_options(public_headers PRIVATE ${SIGAP_WARNINGS} -Werror)
