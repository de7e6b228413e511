sgp_test(test_engine ${CMAKE_CURRENT_LIST_DIR}/test_engine.c sgp_serve)
target_compile_definitions(test_engine PRIVATE SIGAPD="$<TARGET_FILE:sigapd>")
add_dependencies(test_engine sigapd)
