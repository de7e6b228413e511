# With SIGAP_FUZZ a libFuzzer program; otherwise the same file under a small
# driver, as an ordinary test.
if(SIGAP_FUZZ)
  add_executable(fuzz_dimacs ${CMAKE_CURRENT_LIST_DIR}/fuzz_dimacs.c)
  target_include_directories(fuzz_dimacs PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/support)
  target_link_libraries(fuzz_dimacs PRIVATE sgp_route -fsanitize=fuzzer)
else()
  sgp_test(fuzz_dimacs ${CMAKE_CURRENT_LIST_DIR}/fuzz_dimacs.c sgp_route)
  target_sources(fuzz_dimacs PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/support/fuzz_main.c)
endif()
