sgp_test(test_osm_pbf ${CMAKE_CURRENT_LIST_DIR}/test_osm_pbf.c sgp_route)
