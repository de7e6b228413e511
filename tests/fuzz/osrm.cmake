# With SIGAP_FUZZ a libFuzzer program; otherwise the same file under a small
# driver, as an ordinary test.
if(SIGAP_FUZZ)
  add_executable(fuzz_osrm_url ${CMAKE_CURRENT_LIST_DIR}/fuzz_osrm_url.c)
  target_include_directories(fuzz_osrm_url PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/support)
  target_link_libraries(fuzz_osrm_url PRIVATE sgp_serve -fsanitize=fuzzer)
else()
  sgp_test(fuzz_osrm_url ${CMAKE_CURRENT_LIST_DIR}/fuzz_osrm_url.c sgp_serve)
  target_sources(fuzz_osrm_url PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/support/fuzz_main.c)
endif()
