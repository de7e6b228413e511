sgp_test(test_guide ${CMAKE_CURRENT_LIST_DIR}/test_guide.c sgp_route)
