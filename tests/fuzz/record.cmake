# With SIGAP_FUZZ a libFuzzer program; otherwise the same file under a small
# driver, as an ordinary test.
if(SIGAP_FUZZ)
  add_executable(fuzz_record ${CMAKE_CURRENT_LIST_DIR}/fuzz_record.c)
  target_include_directories(fuzz_record PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/support)
  target_link_libraries(fuzz_record PRIVATE sgp_journal -fsanitize=fuzzer)
else()
  sgp_test(fuzz_record ${CMAKE_CURRENT_LIST_DIR}/fuzz_record.c sgp_journal)
  target_sources(fuzz_record PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/support/fuzz_main.c)
endif()
target_sources(fuzz_record PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/support/journal_samples.c)
