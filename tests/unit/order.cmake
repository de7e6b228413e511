sgp_test(test_order ${CMAKE_CURRENT_LIST_DIR}/test_order.c sgp_route)
sgp_test(test_dimacs ${CMAKE_CURRENT_LIST_DIR}/test_dimacs.c sgp_route)
