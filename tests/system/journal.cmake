sgp_test(test_projection ${CMAKE_CURRENT_LIST_DIR}/test_projection.c sgp_journal)
target_sources(test_projection PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/support/journal_samples.c)
