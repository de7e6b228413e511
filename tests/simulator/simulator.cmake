# Random days of a made-up town (README.md). Seeds come from the commit that is checked out, and
# are printed; `build/PRESET/tests/simulator --seed N` lives one of them again.
file(GLOB simulator_sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/*.c)
add_executable(simulator ${simulator_sources} ${PROJECT_SOURCE_DIR}/engine/serve/engine_clock.c)
target_compile_options(simulator PRIVATE ${SIGAP_WARNINGS} -Wno-missing-prototypes)
target_include_directories(simulator PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/support)
target_link_libraries(simulator PRIVATE sgp_core)
target_compile_definitions(simulator PRIVATE SIGAP_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
set_target_properties(simulator PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
add_test(NAME simulator_days_of_the_commit COMMAND simulator --from-commit --seeds 12 --events 500)
set_tests_properties(simulator_days_of_the_commit PROPERTIES TIMEOUT 600
                     WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
