sgp_test(test_road_stretch ${CMAKE_CURRENT_LIST_DIR}/test_road_stretch.c sgp_gis)
