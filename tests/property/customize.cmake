sgp_test(test_customize ${CMAKE_CURRENT_LIST_DIR}/test_customize.c sgp_route)
sgp_test(test_customize_cities ${CMAKE_CURRENT_LIST_DIR}/test_customize_cities.c sgp_route)
sgp_test(test_live_metric ${CMAKE_CURRENT_LIST_DIR}/test_live_metric.c sgp_route)
