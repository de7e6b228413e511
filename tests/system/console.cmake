# The console in a terminal of its own, on an engine of its own.
sgp_test(test_console ${CMAKE_CURRENT_LIST_DIR}/test_console.c sgp_serve)
set_tests_properties(test_console PROPERTIES RUN_SERIAL TRUE)
add_dependencies(test_console sigap sigapd)
