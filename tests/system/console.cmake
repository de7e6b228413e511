# The console in a terminal of its own, on an engine of its own.
sgp_test(test_console ${CMAKE_CURRENT_LIST_DIR}/test_console.c sgp_serve)
set_tests_properties(test_console PROPERTIES RUN_SERIAL TRUE)
add_dependencies(test_console sigap sigapd)
# The console's own code on a line that breaks; more breaks by hand: test_console_breaks 200.
sgp_test(test_console_breaks ${CMAKE_CURRENT_LIST_DIR}/test_console_breaks.c sgp_console)
target_link_libraries(test_console_breaks PRIVATE sgp_serve)
set_tests_properties(test_console_breaks PROPERTIES TIMEOUT 900)
add_dependencies(test_console_breaks sigapd)
add_test(NAME bench_console_tiny COMMAND bench-console --tiny)
set_tests_properties(bench_console_tiny PROPERTIES TIMEOUT 300)
