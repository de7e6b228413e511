sgp_test(test_osrm ${CMAKE_CURRENT_LIST_DIR}/test_osrm.c sgp_serve)
