sgp_test(test_vocabulary_random ${CMAKE_CURRENT_LIST_DIR}/test_vocabulary_random.c sgp_gis)
add_test(NAME bench_vocabulary_tiny COMMAND bench-vocabulary --words 2000 --lookups 50)
