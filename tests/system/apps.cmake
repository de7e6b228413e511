# The commands as users type them, on the sketch with an engine of its own.
add_executable(ask_completions ${CMAKE_CURRENT_LIST_DIR}/ask_completions.c)
target_link_libraries(ask_completions PRIVATE sgp_serve)
target_compile_options(ask_completions PRIVATE ${SIGAP_WARNINGS})
set_target_properties(ask_completions PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
add_test(NAME system_apps COMMAND ${CMAKE_CURRENT_LIST_DIR}/test_apps.sh ${PROJECT_BINARY_DIR}/bin $<TARGET_FILE:ask_completions>)
set_tests_properties(system_apps PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 600 RUN_SERIAL TRUE
                     WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
