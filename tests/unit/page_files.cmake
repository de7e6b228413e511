sgp_test(test_page_files ${CMAKE_CURRENT_LIST_DIR}/test_page_files.c sgp_serve)
sgp_test(test_tile_cache ${CMAKE_CURRENT_LIST_DIR}/test_tile_cache.c sgp_serve)
sgp_test(test_camera_set ${CMAKE_CURRENT_LIST_DIR}/test_camera_set.c sgp_serve)
