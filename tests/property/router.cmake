sgp_test(test_router_random ${CMAKE_CURRENT_LIST_DIR}/test_router_random.c sgp_route)
sgp_test(test_router_osm ${CMAKE_CURRENT_LIST_DIR}/test_router_osm.c sgp_route PkgConfig::JANSSON)
sgp_test(test_router_pairs ${CMAKE_CURRENT_LIST_DIR}/test_router_pairs.c sgp_route)
target_sources(test_router_pairs PRIVATE ${PROJECT_SOURCE_DIR}/tests/support/router_oracle.c
               ${PROJECT_SOURCE_DIR}/tests/support/dijkstra.c)
