sgp_test(test_place_rows ${CMAKE_CURRENT_LIST_DIR}/test_place_rows.c bench_support)
