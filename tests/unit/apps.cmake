# Texts and the crews' state machine need no engine; neither does reading a scenario.
sgp_test(test_texts ${CMAKE_CURRENT_LIST_DIR}/test_texts.c sgp_apps)
sgp_test(test_crew_driver ${CMAKE_CURRENT_LIST_DIR}/test_crew_driver.c sgp_apps)
sgp_test(test_scenario ${CMAKE_CURRENT_LIST_DIR}/test_scenario.c sgp_apps)
sgp_test(test_place_table ${CMAKE_CURRENT_LIST_DIR}/test_place_table.c sgp_apps)
sgp_test(test_options ${CMAKE_CURRENT_LIST_DIR}/test_options.c sgp_apps)
sgp_test(test_clock_option ${CMAKE_CURRENT_LIST_DIR}/test_clock_option.c sgp_apps)
