sgp_test(test_name_index ${CMAKE_CURRENT_LIST_DIR}/test_name_index.c sgp_gis)
