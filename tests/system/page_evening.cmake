# One job as a caller, a crew, a hospital and the wall see it, in a headless browser.
add_test(NAME page_evening COMMAND ${CMAKE_CURRENT_LIST_DIR}/test_page_evening.sh ${CMAKE_BINARY_DIR}/bin 5)
set_tests_properties(page_evening PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 600
                     RESOURCE_LOCK pages WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
