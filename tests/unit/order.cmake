sgp_test(test_order ${CMAKE_CURRENT_LIST_DIR}/test_order.c sgp_route)
