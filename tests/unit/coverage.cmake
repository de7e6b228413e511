sgp_test(test_coverage ${CMAKE_CURRENT_LIST_DIR}/test_coverage.c sgp_core m)
sgp_test(test_zones ${CMAKE_CURRENT_LIST_DIR}/test_zones.c sgp_route m)
sgp_test(test_siting ${CMAKE_CURRENT_LIST_DIR}/test_siting.c sgp_replay m)
