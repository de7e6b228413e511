foreach(name IN ITEMS test_engine test_engine_net test_engine_abuse test_engine_traffic test_engine_words test_engine_phone test_engine_plans
                   test_engine_calls test_engine_console test_engine_desk test_engine_transfers test_engine_hospitals test_engine_move_up
                   test_engine_caller test_engine_rosters test_engine_devices)
  sgp_test(${name} ${CMAKE_CURRENT_LIST_DIR}/${name}.c sgp_serve)
  target_compile_definitions(${name} PRIVATE SIGAPD="$<TARGET_FILE:sigapd>")
  add_dependencies(${name} sigapd)
endforeach()
# Ends with 1 when a table was seen that belongs to no whole traffic picture.
add_test(NAME bench_soak_tiny COMMAND bench-soak --seconds 3 --units 60 --rate 50 --every 0.3)
set_tests_properties(bench_soak_tiny PROPERTIES TIMEOUT 300)
add_test(NAME bench_gateway_tiny COMMAND bench-gateway --crews 60 --seconds 2 --every 0.5 --rate 5)
set_tests_properties(bench_gateway_tiny PROPERTIES TIMEOUT 300)
foreach(name IN ITEMS test_engine_socket test_engine_gateway)
  sgp_test(${name} ${CMAKE_CURRENT_LIST_DIR}/${name}.c sgp_serve)
  target_sources(${name} PRIVATE ${CMAKE_CURRENT_LIST_DIR}/../support/websocket_client.c)
  target_compile_definitions(${name} PRIVATE SIGAPD="$<TARGET_FILE:sigapd>")
  add_dependencies(${name} sigapd)
endforeach()
sgp_test(test_engine_rings ${CMAKE_CURRENT_LIST_DIR}/test_engine_rings.c sgp_serve)
target_compile_definitions(test_engine_rings PRIVATE SIGAPD="$<TARGET_FILE:sigapd>" SIGAP="$<TARGET_FILE:sigap>")
add_dependencies(test_engine_rings sigapd sigap)
sgp_test(test_engine_admin ${CMAKE_CURRENT_LIST_DIR}/test_engine_admin.c sgp_serve)
target_compile_definitions(test_engine_admin PRIVATE SIGAPD="$<TARGET_FILE:sigapd>")
add_dependencies(test_engine_admin sigapd)
# Skipped where neither a node with WebSocket nor curl is there.
add_test(NAME system_readme_clients COMMAND ${CMAKE_CURRENT_LIST_DIR}/test_readme_clients.sh ${PROJECT_BINARY_DIR}/bin)
set_tests_properties(system_readme_clients PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 300
                     WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
# Orders to a crew on a line that breaks; more breaks by hand: test_crew_breaks 1000.
sgp_test(test_crew_breaks ${CMAKE_CURRENT_LIST_DIR}/test_crew_breaks.c sgp_serve)
target_sources(test_crew_breaks PRIVATE ${CMAKE_CURRENT_LIST_DIR}/../support/websocket_client.c)
set_tests_properties(test_crew_breaks PROPERTIES TIMEOUT 900)
add_dependencies(test_crew_breaks sigapd)
