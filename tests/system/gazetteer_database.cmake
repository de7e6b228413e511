sgp_test(test_gazetteer_database ${CMAKE_CURRENT_LIST_DIR}/test_gazetteer_database.c sgp_gis)
sgp_test(test_gazetteer_ground ${CMAKE_CURRENT_LIST_DIR}/test_gazetteer_ground.c sgp_gis)
