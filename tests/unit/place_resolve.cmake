sgp_test(test_place_resolve ${CMAKE_CURRENT_LIST_DIR}/test_place_resolve.c sgp_gis)
