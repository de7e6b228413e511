/* The sub-commands of `sigap`, one file app_NAME.c each.
 *
 * Each is a small main: argv[0] is the sub-command's name, the result is the
 * exit code (0 done, 1 the answer is "no", 2 usage or input, 3 environment). It
 * owns its memory, prints results to standard output and faults to standard
 * error, and understands --help. Dispatcher's actions that take one request and
 * print one line share app_order.c and app_reinforce.c.
 */
#ifndef SGP_APPS_H
#define SGP_APPS_H

/* What calls and places. */
int app_call(int argc, char **argv);
int app_place(int argc, char **argv);
int app_guide(int argc, char **argv);

int app_rings(int argc, char **argv);
int app_take(int argc, char **argv);
int app_call_back(int argc, char **argv);

/* What one sees. */
int app_console(int argc, char **argv);
int app_watch(int argc, char **argv);
int app_incidents(int argc, char **argv);
int app_units(int argc, char **argv);
int app_coverage(int argc, char **argv);
int app_status(int argc, char **argv);

/* What a dispatcher decides. */
int app_order(int argc, char **argv);
int app_stand_down(int argc, char **argv);
int app_backup(int argc, char **argv);
int app_hospital(int argc, char **argv);
int app_move_up(int argc, char **argv);
int app_hospitals(int argc, char **argv);
int app_patient(int argc, char **argv);
int app_aid(int argc, char **argv);
int app_mass(int argc, char **argv);
int app_close(int argc, char **argv);
int app_locate(int argc, char **argv);
int app_narrow(int argc, char **argv);
int app_desk(int argc, char **argv);
int app_phone(int argc, char **argv);
int app_triage(int argc, char **argv);
int app_link(int argc, char **argv);
int app_prank(int argc, char **argv);
int app_silent(int argc, char **argv);
int app_ghost(int argc, char **argv);
int app_abandoned(int argc, char **argv);
int app_information(int argc, char **argv);
int app_real(int argc, char **argv);
int app_history(int argc, char **argv);
int app_nuisance(int argc, char **argv);
int app_note(int argc, char **argv);
int app_text(int argc, char **argv);
int app_log(int argc, char **argv);
int app_premise(int argc, char **argv);
int app_users(int argc, char **argv);
int app_user(int argc, char **argv);
int app_login_code(int argc, char **argv);
int app_set(int argc, char **argv);
int app_service(int argc, char **argv);
int app_duty(int argc, char **argv);
int app_switch(int argc, char **argv);
int app_reload(int argc, char **argv);
int app_answer(int argc, char **argv);
int app_alert(int argc, char **argv);
int app_transfer(int argc, char **argv);
int app_radio(int argc, char **argv); /* of `sigap status UNIT …` */
int app_distress(int argc, char **argv);
int app_sign_on(int argc, char **argv);
int app_sign_off(int argc, char **argv);
int app_shift(int argc, char **argv);
int app_shifts(int argc, char **argv);
int app_transfers(int argc, char **argv);
int app_traffic(int argc, char **argv);

/* What planners ask. */
int app_cameras(int argc, char **argv);
int app_stations(int argc, char **argv);

/* Crews and the demo. */
int app_crew(int argc, char **argv);
int app_fleet(int argc, char **argv);
int app_demo(int argc, char **argv);
int app_ring(int argc, char **argv);

/* The city: import, routes, and whether everything agrees. */
int app_import(int argc, char **argv);
int app_route(int argc, char **argv);
int app_table(int argc, char **argv);
int app_match(int argc, char **argv);
int app_area(int argc, char **argv);
int app_verify(int argc, char **argv);

/* Planners. */
int app_replay(int argc, char **argv);
int app_report(int argc, char **argv);

#endif
