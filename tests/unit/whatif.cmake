sgp_test(test_call_list ${CMAKE_CURRENT_LIST_DIR}/test_call_list.c sgp_replay)
sgp_test(test_week_roads ${CMAKE_CURRENT_LIST_DIR}/test_week_roads.c sgp_replay)
sgp_test(test_whatif ${CMAKE_CURRENT_LIST_DIR}/test_whatif.c sgp_replay)
sgp_test(test_exact ${CMAKE_CURRENT_LIST_DIR}/test_exact.c sgp_replay)
