sgp_test(test_graph ${CMAKE_CURRENT_LIST_DIR}/test_graph.c sgp_route)
sgp_test(test_router ${CMAKE_CURRENT_LIST_DIR}/test_router.c sgp_route)

# The sub-commands themselves are no library, so their files go into the test.
sgp_test(test_route_commands ${CMAKE_CURRENT_LIST_DIR}/test_route_commands.c sgp_apps)
target_sources(test_route_commands PRIVATE ${PROJECT_SOURCE_DIR}/engine/apps/app_route.c
               ${PROJECT_SOURCE_DIR}/engine/apps/app_table.c
               ${PROJECT_SOURCE_DIR}/engine/apps/app_area.c)
sgp_test(test_junctions ${CMAKE_CURRENT_LIST_DIR}/test_junctions.c sgp_route)
sgp_test(test_junctions_extracts ${CMAKE_CURRENT_LIST_DIR}/test_junctions_extracts.c sgp_route)
