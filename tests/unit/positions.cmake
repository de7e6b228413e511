sgp_test(test_plus_code ${CMAKE_CURRENT_LIST_DIR}/test_plus_code.c sgp_gis)
