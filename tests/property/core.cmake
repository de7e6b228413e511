sgp_test(test_core_random ${CMAKE_CURRENT_LIST_DIR}/test_core_random.c sgp_core)
sgp_test(test_assign_random ${CMAKE_CURRENT_LIST_DIR}/test_assign_random.c sgp_core)
add_test(NAME bench_joint_tiny COMMAND bench-joint --cases 5 --glpk 4)
sgp_test(test_joint_random ${CMAKE_CURRENT_LIST_DIR}/test_joint_random.c sgp_core)
