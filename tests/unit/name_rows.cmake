sgp_test(test_name_rows ${CMAKE_CURRENT_LIST_DIR}/test_name_rows.c sgp_gis)
