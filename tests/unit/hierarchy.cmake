sgp_test(test_hierarchy ${CMAKE_CURRENT_LIST_DIR}/test_hierarchy.c sgp_route)
