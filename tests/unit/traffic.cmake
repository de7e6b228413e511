sgp_test(test_traffic ${CMAKE_CURRENT_LIST_DIR}/test_traffic.c sgp_route)
sgp_test(test_learned ${CMAKE_CURRENT_LIST_DIR}/test_learned.c sgp_route)
sgp_test(test_matcher ${CMAKE_CURRENT_LIST_DIR}/test_matcher.c sgp_route)

# The sub-command itself is no library, so its file goes into the test.
sgp_test(test_match_command ${CMAKE_CURRENT_LIST_DIR}/test_match_command.c sgp_apps)
target_sources(test_match_command PRIVATE ${PROJECT_SOURCE_DIR}/engine/apps/app_match.c)
