sgp_test(test_core_plan ${CMAKE_CURRENT_LIST_DIR}/test_core_plan.c sgp_core)
