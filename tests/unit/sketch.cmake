sgp_test(test_sketch ${CMAKE_CURRENT_LIST_DIR}/test_sketch.c sgp_sketch)

# How far the sketch's main roads lie from real points that bear their names.
add_test(NAME sketch_check COMMAND sh -c
         "exec \"$<TARGET_FILE:sigap-sketch>\" --check \"\${SIGAP_DATA:-../shared/data}/malang/cctv_points.csv\"")
set_tests_properties(sketch_check PROPERTIES SKIP_RETURN_CODE 77 WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
