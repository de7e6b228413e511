sgp_test(test_place_query ${CMAKE_CURRENT_LIST_DIR}/test_place_query.c sgp_gis)
