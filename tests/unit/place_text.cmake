sgp_test(test_place_text ${CMAKE_CURRENT_LIST_DIR}/test_place_text.c sgp_gis)
