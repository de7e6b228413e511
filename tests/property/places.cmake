sgp_test(test_snap_random ${CMAKE_CURRENT_LIST_DIR}/test_snap_random.c sgp_route)
