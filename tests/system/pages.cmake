# The pages by themselves; in a browser against an engine: one test for each page.
add_test(NAME pages_build COMMAND ${CMAKE_CURRENT_LIST_DIR}/test_pages_build.sh)
set_tests_properties(pages_build PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 600
                     RESOURCE_LOCK pages WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
