sgp_test(test_coverage ${CMAKE_CURRENT_LIST_DIR}/test_coverage.c sgp_core m)
