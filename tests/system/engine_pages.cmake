sgp_test(test_engine_pages ${CMAKE_CURRENT_LIST_DIR}/test_engine_pages.c sgp_serve)
target_compile_definitions(test_engine_pages PRIVATE SIGAPD="$<TARGET_FILE:sigapd>")
add_dependencies(test_engine_pages sigapd)
