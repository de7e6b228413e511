# The committed rows of tests/places over the sketch. The floors are what is reached; they only rise.
add_test(NAME bench_place_tiny COMMAND bench-place --at-least-hit1 90 --at-least-hit3 97 malang)
set_tests_properties(bench_place_tiny PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 600 RUN_SERIAL TRUE
                     WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
