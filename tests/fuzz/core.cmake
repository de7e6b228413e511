# With SIGAP_FUZZ a libFuzzer program; otherwise the same file under a small
# driver, as an ordinary test.
if(SIGAP_FUZZ)
  add_executable(fuzz_event ${CMAKE_CURRENT_LIST_DIR}/fuzz_event.c)
  target_include_directories(fuzz_event PRIVATE ${CMAKE_CURRENT_LIST_DIR}/../support)
  target_link_libraries(fuzz_event PRIVATE sgp_core -fsanitize=fuzzer)
else()
  sgp_test(fuzz_event ${CMAKE_CURRENT_LIST_DIR}/fuzz_event.c sgp_core)
  target_sources(fuzz_event PRIVATE ${CMAKE_CURRENT_LIST_DIR}/../support/fuzz_main.c)
endif()
