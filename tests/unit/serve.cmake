sgp_test(test_frame ${CMAKE_CURRENT_LIST_DIR}/test_frame.c sgp_serve)
sgp_test(test_proto_json ${CMAKE_CURRENT_LIST_DIR}/test_proto_json.c sgp_serve)
sgp_test(test_settings ${CMAKE_CURRENT_LIST_DIR}/test_settings.c sgp_serve)
sgp_test(test_roles ${CMAKE_CURRENT_LIST_DIR}/test_roles.c sgp_serve)
