# Runs the programs as users do.
sgp_test(test_import_dimacs ${CMAKE_CURRENT_LIST_DIR}/test_import_dimacs.c sgp_base PkgConfig::ZLIB
         PkgConfig::JANSSON)
add_dependencies(test_import_dimacs sigap)

add_test(NAME bench_order_tiny COMMAND bench-order --grid 24 --threads 2)
