# The whole engine on a loaded city. They use whole processes and a database,
# so they run one at a time.
add_executable(test_kill ${CMAKE_CURRENT_LIST_DIR}/test_kill.c)
target_link_libraries(test_kill PRIVATE sgp_serve)
target_compile_options(test_kill PRIVATE ${SIGAP_WARNINGS})
set_target_properties(test_kill PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
add_test(NAME system_kill COMMAND ${CMAKE_CURRENT_LIST_DIR}/test_kill.sh ${PROJECT_BINARY_DIR}/bin $<TARGET_FILE:test_kill>)
add_test(NAME system_demo COMMAND ${CMAKE_CURRENT_LIST_DIR}/test_demo.sh ${PROJECT_BINARY_DIR}/bin)
add_test(NAME system_database_away COMMAND ${CMAKE_CURRENT_LIST_DIR}/test_database_away.sh ${PROJECT_BINARY_DIR}/bin)
set_tests_properties(system_kill system_demo system_database_away PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 900 RUN_SERIAL TRUE
                     WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})

# Every benchmark runs in a tiny form, so that it never rots.
add_test(NAME bench_call_tiny COMMAND bench-call --calls 20)
set_tests_properties(bench_call_tiny PROPERTIES TIMEOUT 300)
add_test(NAME bench_route_tiny COMMAND bench-route --tiny sketch)
set_tests_properties(bench_route_tiny PROPERTIES TIMEOUT 600)
add_test(NAME bench_decide_tiny COMMAND bench-decide --units 60 --calls 5)
set_tests_properties(bench_decide_tiny PROPERTIES TIMEOUT 300)
add_test(NAME bench_coverage_tiny COMMAND bench-coverage --units 12 --stations 5 --rounds 2)
set_tests_properties(bench_coverage_tiny PROPERTIES TIMEOUT 300)
add_test(NAME bench_turns_tiny COMMAND bench-turns --tiny sketch)
set_tests_properties(bench_turns_tiny PROPERTIES TIMEOUT 600)
