/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Links between the root cell of a simulated machine and a cell, with the library as it is installed. */
#include <poll.h>
#include <string.h>

#include <jailhouse/ivshmem-peer.h>
#include <jailhouse/sim.h>

#include "sim-setup.h"
#include "unit.h"

#define WAIT_MS 20000

static struct jailhouse_error error = JAILHOUSE_ERROR_INIT;

struct link {
	struct jailhouse *jh;
	uint32_t cell;
	struct jailhouse_ivshmem *device;
	struct jailhouse_channel *channel;
};

#define OK(call)                                             \
	do {                                                 \
		int ok_ret_ = (call);                        \
		if (ok_ret_ < 0)                             \
			fail_msg(#call ": %s", error.text);  \
	} while (0)

static void load(struct link *link, const char *guest)
{
	const struct jailhouse_image image = {0, guest, strlen(guest)};

	OK(jailhouse_cell_load(link->jh, link->cell, &image, 1, &error));
	OK(jailhouse_cell_start(link->jh, link->cell, &error));
}

static void start(struct link *link, const char *guest)
{
	struct sim_blob system = sim_read("x86/qemu-x86"), cell = sim_read("x86/ivshmem-demo");

	memset(link, 0, sizeof(*link));
	OK(jailhouse_open("sim:", &link->jh, &error));
	OK(jailhouse_enable(link->jh, system.data, system.size, 0, &error));
	OK(jailhouse_cell_create(link->jh, cell.data, cell.size, &link->cell, &error));
	if (guest)
		load(link, guest);
}

static void open_channel(struct link *link)
{
	OK(jailhouse_ivshmem_open(link->jh, "ivshmem-demo", &link->device, &error));
	OK(jailhouse_channel_open(link->device, 1, &link->channel, &error));
}

static void end(struct link *link)
{
	jailhouse_channel_close(link->channel);
	jailhouse_ivshmem_close(link->device);
	OK(jailhouse_disable(link->jh, &error));
	jailhouse_close(link->jh);
}

static void the_list_names_the_cells_at_the_other_ends(void **state)
{
	struct jailhouse_ivshmem_info info = JAILHOUSE_IVSHMEM_INFO_INIT;
	struct jailhouse_ivshmem_list *list;
	struct link link;

	(void)state;
	start(&link, NULL);
	OK(jailhouse_ivshmem_list_get(link.jh, &list, &error));
	assert_int_equal(jailhouse_ivshmem_list_get_count(list), 4);
	OK(jailhouse_ivshmem_list_get_info(list, 2, &info));
	assert_int_equal(info.bdf, 0x170);
	assert_int_equal(info.access, JAILHOUSE_IVSHMEM_ACCESS_SIM);
	assert_string_equal(info.cells, "ivshmem-demo");
	OK(jailhouse_ivshmem_list_get_info(list, 3, &info));
	assert_string_equal(info.cells, "");
	jailhouse_ivshmem_list_free(list);
	/* Of all these the only one for programs */
	OK(jailhouse_ivshmem_find(link.jh, "", &info, &error));
	assert_int_equal(info.bdf, 0x170);
	end(&link);
}

/* Where the simulation puts configurations for the hypervisor is not the memory of a link. */
static void creating_a_cell_leaves_the_memory_of_links_alone(void **state)
{
	struct link link;
	uint32_t value;

	(void)state;
	start(&link, NULL);
	OK(jailhouse_ivshmem_open(link.jh, "01:0f.0", &link.device, &error));
	OK(jailhouse_ivshmem_get_state(link.device, 0, &value, &error));
	assert_int_equal(value, 0);
	OK(jailhouse_ivshmem_get_state(link.device, 1, &value, &error));
	assert_int_equal(value, 0);
	end(&link);
}

static void before_enable_there_are_no_devices(void **state)
{
	struct jailhouse_ivshmem *device;
	struct jailhouse *jh;

	(void)state;
	OK(jailhouse_open("sim:", &jh, &error));
	assert_int_equal(jailhouse_ivshmem_open(jh, "", &device, &error), JAILHOUSE_ERR_NOT_FOUND);
	jailhouse_close(jh);
}

static void states_of_a_cell_come_and_go(void **state)
{
	struct link link;
	uint32_t value;
	int n;

	(void)state;
	start(&link, NULL);
	OK(jailhouse_ivshmem_open(link.jh, "01:0e.0", &link.device, &error));
	assert_int_equal(jailhouse_ivshmem_get_id(link.device), 0);
	assert_int_equal(jailhouse_ivshmem_get_max_peers(link.device), 3);
	OK(jailhouse_ivshmem_arm(link.device, &error));
	OK(jailhouse_ivshmem_get_state(link.device, 1, &value, &error));
	assert_int_equal(value, 0);
	assert_int_equal(jailhouse_ivshmem_wait(link.device, 0, &error), 0);
	load(&link, "#!jailhouse-sim channel-echo");
	assert_int_equal(jailhouse_ivshmem_wait(link.device, WAIT_MS, &error), 1);
	OK(jailhouse_ivshmem_arm(link.device, &error));
	OK(jailhouse_ivshmem_get_state(link.device, 1, &value, &error));
	assert_int_equal(value, 1);
	OK(jailhouse_cell_destroy(link.jh, link.cell, &error));
	for (n = 0; value && n < 100; n++) {
		jailhouse_ivshmem_wait(link.device, 100, &error);
		OK(jailhouse_ivshmem_arm(link.device, &error));
		OK(jailhouse_ivshmem_get_state(link.device, 1, &value, &error));
	}
	assert_int_equal(value, 0);
	end(&link);
}

static void echo(struct link *link, uint32_t length)
{
	unsigned char out[4096], in[4096];
	size_t size = 0, n;

	for (n = 0; n < length; n++)
		out[n] = (unsigned char)(n * 7 + length);
	assert_int_equal(jailhouse_channel_send(link->channel, out, length, WAIT_MS, &error), 1);
	if (jailhouse_channel_receive(link->channel, in, sizeof(in), &size, WAIT_MS, &error) != 1)
		fail_msg("%s", error.text);
	assert_int_equal(size, length);
	assert_memory_equal(in, out, length);
}

static void a_cell_echoes_messages_of_all_lengths(void **state)
{
	struct link link;
	uint32_t n;

	(void)state;
	start(&link, "#!jailhouse-sim channel-echo");
	open_channel(&link);
	for (n = 0; n < 300; n++)
		echo(&link, n * 13 % ((uint32_t)jailhouse_channel_get_max_size(link.channel) + 1));
	end(&link);
}

static void the_cell_is_restarted_50_times(void **state)
{
	struct link link;
	char buffer[16];
	size_t size;
	int n;

	(void)state;
	start(&link, "#!jailhouse-sim channel-echo");
	open_channel(&link);
	echo(&link, 100);
	for (n = 0; n < 50; n++) {
		OK(jailhouse_cell_shutdown(link.jh, link.cell, &error));
		assert_int_equal(jailhouse_channel_receive(link.channel, buffer, 16, &size, WAIT_MS,
							   &error),
				 JAILHOUSE_ERR_PEER);
		load(&link, "#!jailhouse-sim channel-echo");
		echo(&link, 64);
	}
	end(&link);
}

static void the_program_is_restarted_50_times(void **state)
{
	struct link link;
	int n;

	(void)state;
	start(&link, "#!jailhouse-sim channel-echo");
	for (n = 0; n < 50; n++) {
		open_channel(&link);
		echo(&link, 64);
		jailhouse_channel_close(link.channel);
		jailhouse_ivshmem_close(link.device);
	}
	link.channel = NULL;
	link.device = NULL;
	end(&link);
}

static void a_cell_sends_in_its_own_time(void **state)
{
	struct link link;
	char text[32];
	size_t size;
	int n;

	(void)state;
	start(&link, "#!jailhouse-sim channel-count 5");
	open_channel(&link);
	for (n = 0; n < 5; n++)
		if (jailhouse_channel_receive(link.channel, text, sizeof(text), &size, WAIT_MS,
					      &error) != 1)
			fail_msg("%s", error.text);
	assert_int_equal(text[size - 1], '\n');
	end(&link);
}

static void after_disable_the_device_is_gone(void **state)
{
	struct link link;

	(void)state;
	start(&link, NULL);
	OK(jailhouse_ivshmem_open(link.jh, "01:0e.0", &link.device, &error));
	OK(jailhouse_disable(link.jh, &error));
	assert_int_equal(jailhouse_ivshmem_set_state(link.device, 1, &error), JAILHOUSE_ERR_NO_DEVICE);
	assert_text(error, "IVSHMEM device 0000:01:0e.0 is gone: the simulation is disabled");
	jailhouse_ivshmem_close(link.device);
	jailhouse_close(link.jh);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_list_names_the_cells_at_the_other_ends),
		cmocka_unit_test(creating_a_cell_leaves_the_memory_of_links_alone),
		cmocka_unit_test(before_enable_there_are_no_devices),
		cmocka_unit_test(states_of_a_cell_come_and_go),
		cmocka_unit_test(a_cell_echoes_messages_of_all_lengths),
		cmocka_unit_test(the_cell_is_restarted_50_times),
		cmocka_unit_test(the_program_is_restarted_50_times),
		cmocka_unit_test(a_cell_sends_in_its_own_time),
		cmocka_unit_test(after_disable_the_device_is_gone),
	};

	return cmocka_run_group_tests_name("sim-ivshmem", tests, NULL, NULL);
}
