# With SIGAP_FUZZ a libFuzzer program; otherwise the same file under a small
# driver, as an ordinary test.
if(SIGAP_FUZZ)
  add_executable(fuzz_osm_pbf ${CMAKE_CURRENT_LIST_DIR}/fuzz_osm_pbf.c)
  target_include_directories(fuzz_osm_pbf PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/support)
  target_link_libraries(fuzz_osm_pbf PRIVATE sgp_route -fsanitize=fuzzer)
else()
  sgp_test(fuzz_osm_pbf ${CMAKE_CURRENT_LIST_DIR}/fuzz_osm_pbf.c sgp_route)
  target_sources(fuzz_osm_pbf PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/support/fuzz_main.c)
endif()
