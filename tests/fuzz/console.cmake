# Keys, command lines and the file of unanswered requests.
if(SIGAP_FUZZ)
  add_executable(fuzz_console ${CMAKE_CURRENT_LIST_DIR}/fuzz_console.c)
  target_include_directories(fuzz_console PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/support)
  target_link_libraries(fuzz_console PRIVATE sgp_console -fsanitize=fuzzer)
else()
  sgp_test(fuzz_console ${CMAKE_CURRENT_LIST_DIR}/fuzz_console.c sgp_console)
  target_sources(fuzz_console PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/support/fuzz_main.c)
endif()
