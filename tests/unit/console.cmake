# The console without a terminal and without an engine.
sgp_test(test_console_canvas ${CMAKE_CURRENT_LIST_DIR}/test_console_canvas.c sgp_console)
sgp_test(test_console_screens ${CMAKE_CURRENT_LIST_DIR}/test_console_screens.c sgp_console)
sgp_test(test_console_command ${CMAKE_CURRENT_LIST_DIR}/test_console_command.c sgp_console)
sgp_test(test_console_link ${CMAKE_CURRENT_LIST_DIR}/test_console_link.c sgp_console)
sgp_test(test_console_care ${CMAKE_CURRENT_LIST_DIR}/test_console_care.c sgp_console)
sgp_test(test_console_rings ${CMAKE_CURRENT_LIST_DIR}/test_console_rings.c sgp_console)
sgp_test(test_console_chat ${CMAKE_CURRENT_LIST_DIR}/test_console_chat.c sgp_console)
sgp_test(test_console_desks ${CMAKE_CURRENT_LIST_DIR}/test_console_desks.c sgp_console)
