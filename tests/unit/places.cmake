sgp_test(test_snap ${CMAKE_CURRENT_LIST_DIR}/test_snap.c sgp_route)
sgp_test(test_walk ${CMAKE_CURRENT_LIST_DIR}/test_walk.c sgp_route)
sgp_test(test_area ${CMAKE_CURRENT_LIST_DIR}/test_area.c sgp_route PkgConfig::GEOS)
sgp_test(test_gazetteer_graph ${CMAKE_CURRENT_LIST_DIR}/test_gazetteer_graph.c sgp_gis)
