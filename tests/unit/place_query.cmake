sgp_test(test_place_query ${CMAKE_CURRENT_LIST_DIR}/test_place_query.c sgp_gis)
target_sources(test_place_query PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/support/query_check.c)
