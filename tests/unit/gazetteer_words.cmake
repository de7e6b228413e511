sgp_test(test_gazetteer_words ${CMAKE_CURRENT_LIST_DIR}/test_gazetteer_words.c sgp_gis)
