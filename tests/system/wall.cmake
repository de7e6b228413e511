sgp_test(test_engine_wall ${CMAKE_CURRENT_LIST_DIR}/test_engine_wall.c sgp_serve)
target_compile_definitions(test_engine_wall PRIVATE SIGAPD="$<TARGET_FILE:sigapd>")
add_dependencies(test_engine_wall sigapd)
# The wall, the public page and the planner's page in a headless browser; skipped where there is none.
add_test(NAME page_wall COMMAND ${CMAKE_CURRENT_LIST_DIR}/test_page_wall.sh ${PROJECT_BINARY_DIR}/bin)
set_tests_properties(page_wall PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 900 RESOURCE_LOCK pages
                     WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
