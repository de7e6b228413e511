sgp_test(test_osrm_http ${CMAKE_CURRENT_LIST_DIR}/test_osrm.c sgp_serve)
target_compile_definitions(test_osrm_http PRIVATE SIGAPD="$<TARGET_FILE:sigapd>")
add_dependencies(test_osrm_http sigapd)
# Clients from npm; skipped where they cannot be installed.
add_test(NAME system_osrm_clients COMMAND ${CMAKE_CURRENT_LIST_DIR}/test_osrm_clients.sh ${PROJECT_BINARY_DIR}/bin)
set_tests_properties(system_osrm_clients PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 600
                     WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
