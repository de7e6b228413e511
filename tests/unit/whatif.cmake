sgp_test(test_call_list ${CMAKE_CURRENT_LIST_DIR}/test_call_list.c sgp_replay)
sgp_test(test_call_spread ${CMAKE_CURRENT_LIST_DIR}/test_call_spread.c sgp_replay)
sgp_test(test_week_roads ${CMAKE_CURRENT_LIST_DIR}/test_week_roads.c sgp_replay)
sgp_test(test_whatif ${CMAKE_CURRENT_LIST_DIR}/test_whatif.c sgp_replay)
sgp_test(test_exact ${CMAKE_CURRENT_LIST_DIR}/test_exact.c sgp_replay)
sgp_test(test_pattern ${CMAKE_CURRENT_LIST_DIR}/test_pattern.c sgp_replay)

# Ends with 1 where a road time differs from a plain query, or one of two equal runs from the other.
add_test(NAME bench_replay_tiny COMMAND bench-replay --tiny)
set_tests_properties(bench_replay_tiny PROPERTIES TIMEOUT 300)
add_test(NAME replay_commands COMMAND bash ${PROJECT_SOURCE_DIR}/tests/system/test_replay.sh
         $<TARGET_FILE_DIR:sigap> ${PROJECT_SOURCE_DIR})
set_tests_properties(replay_commands PROPERTIES TIMEOUT 1800)
