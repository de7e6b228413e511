sgp_test(test_router_random ${CMAKE_CURRENT_LIST_DIR}/test_router_random.c sgp_route)
sgp_test(test_router_osm ${CMAKE_CURRENT_LIST_DIR}/test_router_osm.c sgp_route PkgConfig::JANSSON)
