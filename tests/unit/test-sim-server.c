/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A simulated machine that processes share: the server, and what it makes of clients that lie. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/wire.h"
#include "sim-setup.h"

#define SYSTEM "x86/qemu-q35"
#define APIC   "x86/qemu-q35-apic-demo"

extern char **environ;

static char dir[] = "/tmp/jailhouse-sim-XXXXXX";
static char path[64], uri[80];
static pid_t server;

/* In the foreground, so that it can be ended by its id. It listens as soon as a connection is made.
 */
static void start_server(const char *idle_ms)
{
	char *argv[] = {(char *)SERVER,
			(char *)"--foreground",
			(char *)"--idle-ms",
			(char *)idle_ms,
			path,
			NULL};
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct timespec pause = {0, 5000000};
	struct jailhouse *jh;
	int tries;

	assert_int_equal(posix_spawn(&server, SERVER, NULL, NULL, argv, environ), 0);
	for (tries = 0; tries < 2000; tries++) {
		if (jailhouse_open(uri, &jh, &error) == 0) {
			jailhouse_close(jh);
			return;
		}
		nanosleep(&pause, NULL);
	}
	fail_msg("the server does not listen: %s", error.text);
}

static int setup(void **state)
{
	(void)state;
	start_server("60000");
	return 0;
}

static int end_server(int signal)
{
	int status;

	kill(server, signal);
	return waitpid(server, &status, 0) == server && (signal == SIGKILL || WIFEXITED(status))
		       ? 0
		       : -1;
}

static int teardown(void **state)
{
	(void)state;
	return end_server(SIGTERM);
}

static struct jailhouse *open_it(void)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse *jh;

	sim_ok(jailhouse_open(uri, &jh, &error));
	return jh;
}

static void two_connections_see_the_same_machine(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse *one = open_it(), *two = open_it();
	struct jailhouse_cells *cells;
	struct jailhouse_stats *stats;
	unsigned char buffer[16384];
	struct sim_blob system = sim_read(SYSTEM);
	uint64_t mask;
	size_t size;
	uint32_t id;

	(void)state;
	sim_enable_board(one, SYSTEM, 0);
	assert_int_equal(jailhouse_is_enabled(two, &error), 1);
	id = sim_run(two, APIC, "timer 1");
	jailhouse_close(two);
	sim_ok(jailhouse_cells_get(one, &cells, &error));
	assert_int_equal(jailhouse_cells_get_count(cells), 2);
	assert_string_equal(jailhouse_cell_get_name(jailhouse_cells_get_cell(cells, 1)),
			    "apic-demo");
	assert_int_equal(jailhouse_cell_get_cpus(jailhouse_cells_get_cell(cells, 1), &mask, 1), 1);
	assert_int_equal(mask, 8);
	jailhouse_cells_free(cells);
	sim_ok(jailhouse_get_system_config(one, buffer, sizeof(buffer), &size, &error));
	assert_int_equal(size, system.size);
	assert_memory_equal(buffer, system.data, size);
	sim_ok(jailhouse_stats_get(one, id, &stats, &error));
	assert_int_equal(jailhouse_stats_get_num_cpus(stats), 1);
	jailhouse_stats_free(stats);
	assert_int_equal(jailhouse_cell_start(one, 99, &error), JAILHOUSE_ERR_NOT_FOUND);
	assert_string_equal(jailhouse_reason_get_name(error.reason), "CELL_UNKNOWN");
	assert_int_equal(error.index, 99);
	sim_ok(jailhouse_disable(one, &error));
	jailhouse_close(one);
}

static void events_and_text_reach_other_processes(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse *jh = open_it();
	struct jailhouse_console_reader *reader;
	struct jailhouse_monitor *monitor;
	char text[4096];
	int length, status;
	pid_t child;

	(void)state;
	sim_ok(jailhouse_monitor_open(jh, &monitor, &error));
	assert_int_equal(jailhouse_monitor_wait(monitor, 0, &error), 0);
	child = fork();
	if (child == 0) {
		struct jailhouse *own;
		struct sim_blob blob = sim_read(SYSTEM);

		_exit(jailhouse_open(uri, &own, NULL) ||
		      jailhouse_enable(own, blob.data, blob.size, 0, NULL));
	}
	assert_int_equal(jailhouse_monitor_wait(monitor, 10000, &error), 1);
	waitpid(child, &status, 0);
	assert_int_equal(status, 0);
	sim_ok(jailhouse_monitor_acknowledge(monitor, NULL, &error));
	jailhouse_monitor_close(monitor);
	sim_ok(jailhouse_console_open(jh, JAILHOUSE_CONSOLE_FOLLOW, &reader, &error));
	length = jailhouse_console_read(reader, text, sizeof(text), &error);
	assert_true(length > 100);
	jailhouse_console_close(reader);
	sim_wait_state(jh, sim_run(jh, APIC, "crash"), JAILHOUSE_CELL_FAILED);
	jailhouse_close(jh);
}

static void only_its_user_may_connect(void **state)
{
	struct stat there;

	(void)state;
	assert_int_equal(stat(path, &there), 0);
	assert_int_equal(there.st_mode & 0777, 0700);
}

/* ---- lies ---- */

static int raw_connect(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	strcpy(address.sun_path, path);
	assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

static int raw_hello(uint32_t use, int32_t *ret_error)
{
	struct sim_hello hello = {.abi = JH_SIM_ABI, .use = use};
	struct sim_welcome welcome;
	int fd = raw_connect();

	memcpy(hello.magic, SIM_WIRE_MAGIC, sizeof(hello.magic));
	assert_int_equal(send(fd, &hello, sizeof(hello), 0), sizeof(hello));
	assert_int_equal(recv(fd, &welcome, sizeof(welcome), MSG_WAITALL), sizeof(welcome));
	*ret_error = welcome.error;
	return fd;
}

static void assert_hung_up(int fd)
{
	char byte;
	ssize_t got = recv(fd, &byte, 1, 0);

	assert_true(got == 0 || (got < 0 && errno == ECONNRESET));
	close(fd);
}

static uint32_t call_of(unsigned long request)
{
	uint32_t n;

	for (n = 0; sim_wire_calls[n].request != request; n++)
		;
	return n;
}

/* A head and a structure as they are given, whatever they say. */
static int raw_request(unsigned long request, const void *arg, uint64_t payload)
{
	struct sim_head head = {.call = call_of(request), .payload = payload};
	int32_t error;
	int fd = raw_hello(JH_SIM_CONTROL, &error);

	assert_int_equal(error, 0);
	send(fd, &head, sizeof(head), MSG_NOSIGNAL);
	send(fd, arg, sim_wire_calls[head.call].size, MSG_NOSIGNAL);
	return fd;
}

static void hello_of_something_else_is_refused(void **state)
{
	int fd = raw_connect();
	struct sim_welcome welcome;
	int32_t error;

	(void)state;
	assert_int_equal(send(fd, "GET / HTTP/1.0\r\n\r\n", 18, MSG_NOSIGNAL), 18);
	assert_int_equal(recv(fd, &welcome, sizeof(welcome), MSG_WAITALL), sizeof(welcome));
	assert_int_equal(welcome.error, -EPROTO);
	assert_hung_up(fd);
	fd = raw_hello(JH_SIM_NUM_USES, &error);
	assert_int_equal(error, -EPROTO);
	assert_hung_up(fd);
}

static void unknown_call_ends_the_connection(void **state)
{
	struct sim_head head = {.call = sim_wire_num_calls};
	int32_t error;
	int fd = raw_hello(JH_SIM_CONTROL, &error);

	(void)state;
	send(fd, &head, sizeof(head), MSG_NOSIGNAL);
	assert_hung_up(fd);
}

static void payload_that_the_structure_does_not_tell_of_ends_it(void **state)
{
	struct jailhouse_ioc_info info = {.size = sizeof(info)};
	struct jailhouse_ioc_enable enable = {.size = sizeof(enable), .config_size = 1 << 20};
	int fd = raw_request(JAILHOUSE_IOC_GET_INFO, &info, 1);

	(void)state;
	send(fd, "x", 1, MSG_NOSIGNAL);
	assert_hung_up(fd);
	/* A pointer of 0, and nothing behind a large size. */
	assert_hung_up(raw_request(JAILHOUSE_IOC_ENABLE, &enable, 0));
	enable.config_address = 0x1000;
	assert_hung_up(raw_request(JAILHOUSE_IOC_ENABLE, &enable, 0));
	assert_hung_up(raw_request(JAILHOUSE_IOC_ENABLE, &enable, UINT64_MAX));
}

static void images_beyond_their_payload_end_it(void **state)
{
	struct jailhouse_ioc_cell_load load = {
		.size = sizeof(load), .cell_id.id = 1, .images = 8, .num_images = 1};
	struct jailhouse_preload_image image = {.size = UINT64_MAX};
	int fd = raw_request(JAILHOUSE_IOC_CELL_LOAD, &load, sizeof(image));

	(void)state;
	send(fd, &image, sizeof(image), MSG_NOSIGNAL);
	assert_hung_up(fd);
	load.num_images = 0xffffffff;
	assert_hung_up(raw_request(JAILHOUSE_IOC_CELL_LOAD, &load, 0));
}

static void answers_of_any_size_are_not_made(void **state)
{
	struct jailhouse_ioc_get_config q = {
		.size = sizeof(q),
		.cell = JAILHOUSE_IOC_SYSTEM_CONFIG,
		.buffer = 8,
		.buffer_size = UINT32_MAX,
	};
	struct jailhouse *jh = open_it();
	struct sim_head head;
	int fd;

	(void)state;
	sim_enable_board(jh, SYSTEM, 0);
	assert_hung_up(raw_request(JAILHOUSE_IOC_GET_CONFIG, &q, 0));
	/* Nowhere to put it. */
	q.buffer = 0;
	fd = raw_request(JAILHOUSE_IOC_GET_CONFIG, &q, 0);
	assert_int_equal(recv(fd, &head, sizeof(head), MSG_WAITALL), sizeof(head));
	assert_int_equal(head.result, -ERANGE);
	assert_int_equal(head.payload, 0);
	close(fd);
	jailhouse_close(jh);
}

static void noise_does_not_harm_it(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct sim_head head;
	unsigned char noise[512];
	struct jailhouse *jh;
	unsigned int seed = 1, n, i;
	int32_t failed;
	int fd;

	(void)state;
	for (n = 0; n < 200; n++) {
		for (i = 0; i < sizeof(noise); i++)
			noise[i] = (unsigned char)((seed = seed * 1103515245 + 12345) >> 16);
		fd = raw_hello(n % JH_SIM_NUM_USES, &failed);
		head = (struct sim_head){.call = n % sim_wire_num_calls,
					 .payload = n & 64 ? noise[0] : 0};
		/* Never a disable or the like by chance: then the others would prove nothing. */
		send(fd, &head, sizeof(head), MSG_NOSIGNAL);
		send(fd, noise, sizeof(noise), MSG_NOSIGNAL);
		shutdown(fd, SHUT_WR);
		while (recv(fd, noise, sizeof(noise), 0) > 0)
			;
		close(fd);
	}
	jh = open_it();
	sim_ok(jailhouse_is_enabled(jh, &error));
	jailhouse_close(jh);
}

/* ---- the end ---- */

static void clients_are_told_that_it_is_gone(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_console_reader *reader;
	struct jailhouse_monitor *monitor;
	struct jailhouse *jh;
	char byte;

	(void)state;
	start_server("60000");
	jh = open_it();
	sim_ok(jailhouse_monitor_open(jh, &monitor, &error));
	sim_ok(jailhouse_console_open(jh, JAILHOUSE_CONSOLE_FOLLOW, &reader, &error));
	assert_int_equal(end_server(SIGKILL), 0);
	assert_int_equal(jailhouse_is_enabled(jh, &error), JAILHOUSE_ERR_NO_DEVICE);
	assert_int_equal(jailhouse_monitor_wait(monitor, 10000, &error), JAILHOUSE_ERR_NO_DEVICE);
	assert_int_equal(jailhouse_monitor_acknowledge(monitor, NULL, &error),
			 JAILHOUSE_ERR_NO_DEVICE);
	assert_int_equal(jailhouse_console_read(reader, &byte, 1, &error), JAILHOUSE_ERR_NO_DEVICE);
	jailhouse_console_close(reader);
	jailhouse_monitor_close(monitor);
	jailhouse_close(jh);
	assert_int_equal(jailhouse_open(uri, &jh, &error), JAILHOUSE_ERR_NO_DEVICE);
	/* What it has left is no obstacle. */
	start_server("60000");
	assert_int_equal(end_server(SIGTERM), 0);
	assert_int_equal(access(path, F_OK), -1);
}

static void idle_server_ends_itself(void **state)
{
	int status;

	(void)state;
	start_server("20");
	assert_int_equal(waitpid(server, &status, 0), server);
	assert_int_equal(status, 0);
	assert_int_equal(access(path, F_OK), -1);
}

static void files_that_are_no_socket_are_kept(void **state)
{
	char *argv[] = {(char *)SERVER, path, NULL};
	FILE *file = fopen(path, "w");
	int status;

	(void)state;
	fclose(file);
	assert_int_equal(posix_spawn(&server, SERVER, NULL, NULL, argv, environ), 0);
	assert_int_equal(waitpid(server, &status, 0), server);
	assert_int_not_equal(status, 0);
	assert_int_equal(unlink(path), 0);
}

static void times_that_are_none_are_refused(void **state)
{
	static const char *const times[] = {"abc", "", "-1", "10s", "1e3", "4294967296", "18446744073709551616"};
	int status;

	(void)state;
	for (size_t n = 0; n < sizeof(times) / sizeof(times[0]); n++) {
		char *argv[] = {(char *)SERVER, (char *)"--idle-ms", (char *)times[n], path, NULL};

		assert_int_equal(posix_spawn(&server, SERVER, NULL, NULL, argv, environ), 0);
		assert_int_equal(waitpid(server, &status, 0), server);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), 2);
		assert_int_equal(access(path, F_OK), -1);
	}
}

static void paths_that_are_too_long_are_refused(void **state)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse *jh;
	char text[300] = "sim:/";

	(void)state;
	memset(text + 5, 'x', 200);
	assert_int_equal(jailhouse_open(text, &jh, &error), JAILHOUSE_ERR_URI);
}

#define SERVED(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SERVED(two_connections_see_the_same_machine),
		SERVED(events_and_text_reach_other_processes),
		SERVED(only_its_user_may_connect),
		SERVED(hello_of_something_else_is_refused),
		SERVED(unknown_call_ends_the_connection),
		SERVED(payload_that_the_structure_does_not_tell_of_ends_it),
		SERVED(images_beyond_their_payload_end_it),
		SERVED(answers_of_any_size_are_not_made),
		SERVED(noise_does_not_harm_it),
		cmocka_unit_test(clients_are_told_that_it_is_gone),
		cmocka_unit_test(idle_server_ends_itself),
		cmocka_unit_test(files_that_are_no_socket_are_kept),
		cmocka_unit_test(times_that_are_none_are_refused),
		cmocka_unit_test(paths_that_are_too_long_are_refused),
	};
	int failed;

	if (!mkdtemp(dir))
		return 1;
	snprintf(path, sizeof(path), "%s/socket", dir);
	snprintf(uri, sizeof(uri), "sim:%s", path);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	rmdir(dir);
	return failed;
}
