# With SIGAP_FUZZ libFuzzer programs; otherwise the same files under a small driver, as
# ordinary tests.
foreach(fuzz IN ITEMS fuzz_plus_code fuzz_coordinates fuzz_aml)
  if(SIGAP_FUZZ)
    add_executable(${fuzz} ${CMAKE_CURRENT_LIST_DIR}/${fuzz}.c)
    target_include_directories(${fuzz} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/support)
    target_link_libraries(${fuzz} PRIVATE sgp_gis -fsanitize=fuzzer)
  else()
    sgp_test(${fuzz} ${CMAKE_CURRENT_LIST_DIR}/${fuzz}.c sgp_gis)
    target_sources(${fuzz} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/support/fuzz_main.c)
  endif()
endforeach()
