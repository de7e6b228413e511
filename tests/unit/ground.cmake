sgp_test(test_ground ${CMAKE_CURRENT_LIST_DIR}/test_ground.c sgp_gis)
