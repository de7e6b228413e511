sgp_test(test_core_tables ${CMAKE_CURRENT_LIST_DIR}/test_core_tables.c sgp_core)
sgp_test(test_core_policy ${CMAKE_CURRENT_LIST_DIR}/test_core_policy.c sgp_core)
sgp_test(test_core_step ${CMAKE_CURRENT_LIST_DIR}/test_core_step.c sgp_core)
sgp_test(test_core_proto ${CMAKE_CURRENT_LIST_DIR}/test_core_proto.c sgp_core)
