sgp_test(test_osm_pbf ${CMAKE_CURRENT_LIST_DIR}/test_osm_pbf.c sgp_route)
sgp_test(test_osm_roads ${CMAKE_CURRENT_LIST_DIR}/test_osm_roads.c sgp_route)
sgp_test(test_osm_graph ${CMAKE_CURRENT_LIST_DIR}/test_osm_graph.c sgp_route)
sgp_test(test_osm_extracts ${CMAKE_CURRENT_LIST_DIR}/test_osm_extracts.c sgp_route)
