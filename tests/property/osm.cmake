sgp_test(test_osm_turns ${CMAKE_CURRENT_LIST_DIR}/test_osm_turns.c sgp_route)
