sgp_test(test_vocabulary ${CMAKE_CURRENT_LIST_DIR}/test_vocabulary.c sgp_gis)
