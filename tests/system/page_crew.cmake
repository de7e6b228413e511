sgp_test(test_engine_patient_cards ${CMAKE_CURRENT_LIST_DIR}/test_engine_patient_cards.c sgp_serve)
target_compile_definitions(test_engine_patient_cards PRIVATE SIGAPD="$<TARGET_FILE:sigapd>")
add_dependencies(test_engine_patient_cards sigapd)
# The crew's page in a headless browser; skipped where there is none.
add_test(NAME page_crew COMMAND ${CMAKE_CURRENT_LIST_DIR}/test_page_crew.sh ${PROJECT_BINARY_DIR}/bin)
set_tests_properties(page_crew PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 900 RESOURCE_LOCK pages
                     WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
