sgp_test(test_traffic ${CMAKE_CURRENT_LIST_DIR}/test_traffic.c sgp_route)
sgp_test(test_learned ${CMAKE_CURRENT_LIST_DIR}/test_learned.c sgp_route)
sgp_test(test_matcher ${CMAKE_CURRENT_LIST_DIR}/test_matcher.c sgp_route)
