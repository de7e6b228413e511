sgp_test(test_core_plan ${CMAKE_CURRENT_LIST_DIR}/test_core_plan.c sgp_core)
sgp_test(test_plan_file ${CMAKE_CURRENT_LIST_DIR}/test_plan_file.c sgp_plans)
sgp_test(test_roster_file ${CMAKE_CURRENT_LIST_DIR}/test_roster_file.c sgp_plans)
