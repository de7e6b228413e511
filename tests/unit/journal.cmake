sgp_test(test_sealed ${CMAKE_CURRENT_LIST_DIR}/test_sealed.c sgp_journal)
sgp_test(test_journal ${CMAKE_CURRENT_LIST_DIR}/test_journal.c sgp_journal)
