sgp_test(test_core_random ${CMAKE_CURRENT_LIST_DIR}/test_core_random.c sgp_core)
