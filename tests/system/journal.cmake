sgp_test(test_projection ${CMAKE_CURRENT_LIST_DIR}/test_projection.c sgp_journal)
target_sources(test_projection PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/support/journal_samples.c)

# 1,000 power cuts; and the same with the syncs taken out, which must fail, so
# that the test is seen to be able to.
sgp_test(test_powercut ${CMAKE_CURRENT_LIST_DIR}/test_powercut.c sgp_journal)
target_sources(test_powercut PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/support/powercut_vfs.c)
add_test(NAME test_powercut_without_sync COMMAND test_powercut)
set_tests_properties(test_powercut_without_sync PROPERTIES WILL_FAIL TRUE TIMEOUT 600
                     WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
                     ENVIRONMENT "SIGAP_POWERCUT_NO_SYNC=1")

sgp_test(test_journal_failure ${CMAKE_CURRENT_LIST_DIR}/test_journal_failure.c sgp_journal)
target_sources(test_journal_failure PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/support/powercut_vfs.c)
