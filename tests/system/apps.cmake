# The commands as users type them, on the sketch with an engine of its own.
add_test(NAME system_apps COMMAND ${CMAKE_CURRENT_LIST_DIR}/test_apps.sh ${PROJECT_BINARY_DIR}/bin)
set_tests_properties(system_apps PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 600 RUN_SERIAL TRUE
                     WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
