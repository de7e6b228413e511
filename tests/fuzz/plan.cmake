# With SIGAP_FUZZ a libFuzzer program; otherwise the same file under a small
# driver, as an ordinary test.
if(SIGAP_FUZZ)
  add_executable(fuzz_plan ${CMAKE_CURRENT_LIST_DIR}/fuzz_plan.c)
  target_include_directories(fuzz_plan PRIVATE ${CMAKE_CURRENT_LIST_DIR}/../support)
  target_link_libraries(fuzz_plan PRIVATE sgp_plans -fsanitize=fuzzer)
else()
  sgp_test(fuzz_plan ${CMAKE_CURRENT_LIST_DIR}/fuzz_plan.c sgp_plans)
  target_sources(fuzz_plan PRIVATE ${CMAKE_CURRENT_LIST_DIR}/../support/fuzz_main.c)
endif()
