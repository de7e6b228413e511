sgp_test(test_guide ${CMAKE_CURRENT_LIST_DIR}/test_guide.c sgp_route)
sgp_test(test_guide_words ${CMAKE_CURRENT_LIST_DIR}/test_guide_words.c sgp_route)
