sgp_test(test_outcome ${CMAKE_CURRENT_LIST_DIR}/test_outcome.c sgp_replay)
