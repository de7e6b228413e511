# What draws the rows of the geocoder's test set, and works out where they should lie.
add_library(place_cases_parts STATIC
  ${CMAKE_CURRENT_LIST_DIR}/place_map.c ${CMAKE_CURRENT_LIST_DIR}/place_truth.c
  ${CMAKE_CURRENT_LIST_DIR}/place_garble.c ${CMAKE_CURRENT_LIST_DIR}/place_draw.c
  ${CMAKE_CURRENT_LIST_DIR}/place_kinds.c ${CMAKE_CURRENT_LIST_DIR}/place_kinds_things.c
  ${CMAKE_CURRENT_LIST_DIR}/place_kinds_grounds.c ${CMAKE_CURRENT_LIST_DIR}/place_lists.c)
target_compile_options(place_cases_parts PRIVATE ${SIGAP_WARNINGS})
target_include_directories(place_cases_parts PUBLIC ${CMAKE_CURRENT_LIST_DIR})
target_link_libraries(place_cases_parts PUBLIC sgp_gis m)
add_executable(place_cases ${CMAKE_CURRENT_LIST_DIR}/place_cases.c)
target_compile_options(place_cases PRIVATE ${SIGAP_WARNINGS})
target_link_libraries(place_cases PRIVATE place_cases_parts)
set_target_properties(place_cases PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
