sgp_test(test_wall_life ${CMAKE_CURRENT_LIST_DIR}/test_wall_life.c sgp_serve)
sgp_test(test_public_picture ${CMAKE_CURRENT_LIST_DIR}/test_public_picture.c sgp_serve)
