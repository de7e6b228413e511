sgp_test(test_outcome ${CMAKE_CURRENT_LIST_DIR}/test_outcome.c sgp_replay)
sgp_test(test_report_statistics ${CMAKE_CURRENT_LIST_DIR}/test_report_statistics.c sgp_replay)
sgp_test(test_report_journal ${CMAKE_CURRENT_LIST_DIR}/test_report_journal.c sgp_replay)
