# Each starts a private PostgreSQL of its own.
sgp_test(test_import ${CMAKE_CURRENT_LIST_DIR}/test_import.c sgp_gis)
sgp_test(test_placer ${CMAKE_CURRENT_LIST_DIR}/test_placer.c sgp_gis)
sgp_test(test_gazetteer ${CMAKE_CURRENT_LIST_DIR}/test_gazetteer.c sgp_gis)
sgp_test(test_city_tables ${CMAKE_CURRENT_LIST_DIR}/test_city_tables.c sgp_gis)
sgp_test(test_graph_names ${CMAKE_CURRENT_LIST_DIR}/test_graph_names.c sgp_gis)
