sgp_test(test_aliases ${CMAKE_CURRENT_LIST_DIR}/test_aliases.c sgp_gis)
