sgp_test(test_graph ${CMAKE_CURRENT_LIST_DIR}/test_graph.c sgp_route)
sgp_test(test_router ${CMAKE_CURRENT_LIST_DIR}/test_router.c sgp_route)
