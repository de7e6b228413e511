sgp_test(test_engine_wall ${CMAKE_CURRENT_LIST_DIR}/test_engine_wall.c sgp_serve)
target_compile_definitions(test_engine_wall PRIVATE SIGAPD="$<TARGET_FILE:sigapd>")
add_dependencies(test_engine_wall sigapd)
