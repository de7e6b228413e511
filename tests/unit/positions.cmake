sgp_test(test_plus_code ${CMAKE_CURRENT_LIST_DIR}/test_plus_code.c sgp_gis)
sgp_test(test_coordinates ${CMAKE_CURRENT_LIST_DIR}/test_coordinates.c sgp_gis)
sgp_test(test_aml ${CMAKE_CURRENT_LIST_DIR}/test_aml.c sgp_gis)
sgp_test(test_caller_numbers ${CMAKE_CURRENT_LIST_DIR}/test_caller_numbers.c sgp_serve)
