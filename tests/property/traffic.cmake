sgp_test(test_matcher_drives ${CMAKE_CURRENT_LIST_DIR}/test_matcher_drives.c sgp_route sgp_sketch)
