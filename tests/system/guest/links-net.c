/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The network of a link: ivshmem_net of the root cell, and cells that run net-echo (docs/ivshmem-net.md). What the
 * cells print of their end is compared with what was sent. Argument: a test, with * and ? for others.
 */
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "links.h"

#define PORT_ECHO    7
#define SIZE	     8000
#define WINDOW	     16
#define DATAGRAMS    512 /* 4 MiB */
#define FLOOD	     2000
#define BUFFER	     (64 << 20)
#define RING	     2048 /* frames, see docs/ivshmem-net.md */
#define SMALL	     64
#define OTHERS	     64 /* more frames than Linux sends by itself meanwhile */
#define ROUNDS	     10
#define MAX_COUNTERS 32

/* One end here: the interface of a link, and the addresses of both ends */
struct net {
	const char *link, *own, *peer;
	const char *parameters; /* of net-echo */
	char name[IFNAMSIZ];
};

static struct net net1 = { "net", "192.168.19.1", "192.168.19.2", "ip=0xc0a81302", "" };
static struct net net2 = { "net2", "192.168.20.1", "192.168.20.2", "ip=0xc0a81402", "" };

/* ---- the interface ---- */

static void find_interface(struct net *net)
{
	struct dirent *entry;
	char path[96];
	DIR *dir;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/net", links_address(net->link));
	dir = opendir(path);
	if (!dir)
		fail_msg("%s: %s", path, strerror(errno));
	do
		entry = readdir(dir);
	while (entry && entry->d_name[0] == '.');
	assert_non_null(entry);
	snprintf(net->name, sizeof(net->name), "%.*s", IFNAMSIZ - 1, entry->d_name);
	closedir(dir);
}

static const char *of_interface(const struct net *net, const char *file)
{
	char path[96];

	snprintf(path, sizeof(path), "/sys/class/net/%s/%s", net->name, file);
	return guest_first_line(path);
}

static void run(const char *command, int expected)
{
	int status = system(command);

	if (!WIFEXITED(status) || WEXITSTATUS(status) != expected)
		fail_msg("\"%s\" gave %d", command, status);
}

static void up(struct net *net)
{
	char command[128];

	find_interface(net);
	snprintf(command, sizeof(command), "ifconfig %s %s netmask 255.255.255.0 up", net->name, net->own);
	run(command, 0);
}

static void down(const struct net *net)
{
	char command[64];

	snprintf(command, sizeof(command), "ifconfig %s down", net->name);
	run(command, 0);
}

/*
 * Of an interface that is up. Linux begins to use a carrier a little later than it shows it: until then its queue drops
 * what comes.
 */
static void wait_carrier(const struct net *net, bool on)
{
	const int64_t end = guest_now_ms() + SOON_MS;
	const char *wanted = on ? "up" : "down";

	while (strcmp(of_interface(net, "operstate"), wanted) != 0) {
		if (guest_now_ms() > end)
			fail_msg("%s does not become \"%s\"", net->name, wanted);
		usleep(1000);
	}
}

/* The carrier goes and comes so often; when it is away may be too short to be seen. */
static void wait_changes(const struct net *net, int changes)
{
	const int64_t end = guest_now_ms() + SOON_MS;

	while (atoi(of_interface(net, "carrier_changes")) < changes) {
		if (guest_now_ms() > end)
			fail_msg("the carrier of %s has changed %s times, not %d", net->name,
				 of_interface(net, "carrier_changes"), changes);
		usleep(1000);
	}
}

static void ping(const struct net *net, unsigned int count, unsigned int size)
{
	char command[128];

	snprintf(command, sizeof(command), "ping -q -c %u -s %u -W 5 -i 0.05 %s >/dev/null", count, size, net->peer);
	run(command, 0);
}

static void no_ping(const struct net *net)
{
	char command[128];

	snprintf(command, sizeof(command), "ping -q -c 1 -W 1 %s >/dev/null 2>&1", net->peer);
	run(command, 1);
}

static int ethtool(const struct net *net, void *data)
{
	struct ifreq request = { .ifr_data = data };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), result;

	memcpy(request.ifr_name, net->name, sizeof(request.ifr_name));
	result = ioctl(fd, SIOCETHTOOL, &request);
	close(fd);
	return result;
}

static uint32_t count_counters(const struct net *net)
{
	union {
		struct ethtool_sset_info head;
		unsigned char bytes[sizeof(struct ethtool_sset_info) + sizeof(uint32_t)];
	} info = { .head = { .cmd = ETHTOOL_GSSET_INFO, .sset_mask = 1 << ETH_SS_STATS } };
	uint32_t count;

	assert_int_equal(ethtool(net, &info), 0);
	memcpy(&count, info.bytes + sizeof(struct ethtool_sset_info), sizeof(count));
	assert_in_range(count, 1, MAX_COUNTERS);
	return count;
}

/* Recent kernels give nothing to who does not say the right number. */
static uint64_t counter(const struct net *net, const char *name)
{
	union {
		struct ethtool_gstrings head;
		unsigned char bytes[sizeof(struct ethtool_gstrings) + MAX_COUNTERS * ETH_GSTRING_LEN];
	} strings = { .head = { .cmd = ETHTOOL_GSTRINGS, .string_set = ETH_SS_STATS, .len = count_counters(net) } };
	union {
		struct ethtool_stats head;
		unsigned char bytes[sizeof(struct ethtool_stats) + MAX_COUNTERS * sizeof(uint64_t)];
	} stats = { .head = { .cmd = ETHTOOL_GSTATS, .n_stats = count_counters(net) } };
	const char *names = (const char *)strings.bytes + sizeof(struct ethtool_gstrings);
	uint64_t value;
	uint32_t n;

	assert_int_equal(ethtool(net, &strings), 0);
	assert_int_equal(ethtool(net, &stats), 0);
	for (n = 0; n < strings.head.len; n++)
		if (!strncmp(names + n * ETH_GSTRING_LEN, name, ETH_GSTRING_LEN))
			break;
	if (n == strings.head.len)
		fail_msg("there is no counter %s among %u", name, n);
	memcpy(&value, stats.bytes + sizeof(struct ethtool_stats) + n * sizeof(value), sizeof(value));
	return value;
}

/* ---- datagrams ---- */

static int open_socket(const struct net *net)
{
	struct sockaddr_in peer = { .sin_family = AF_INET, .sin_port = htons(PORT_ECHO) };
	const struct timeval patience = { .tv_sec = 5 };
	const int size = BUFFER;
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	assert_int_equal(inet_pton(AF_INET, net->peer, &peer.sin_addr), 1);
	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)), 0);
	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)), 0);
	assert_int_equal(connect(fd, (const struct sockaddr *)&peer, sizeof(peer)), 0);
	return fd;
}

static void fill(unsigned char *data, uint32_t number)
{
	uint32_t value = number * 2654435761U + 1;

	memcpy(data, &number, sizeof(number));
	for (size_t n = sizeof(number); n < SIZE; n++) {
		value = value * 1103515245U + 12345;
		data[n] = (unsigned char)(value >> 16);
	}
}

static void send_one(int fd, uint32_t number, size_t size)
{
	unsigned char data[SIZE];

	fill(data, number);
	assert_int_equal(send(fd, data, size, 0), (ssize_t)size);
}

/* Result: its number, or -1 if nothing comes any more. Each byte is what was sent. */
static int64_t receive_one(int fd, size_t wanted)
{
	unsigned char data[SIZE], expected[SIZE];
	uint32_t number;
	ssize_t size = recv(fd, data, SIZE, 0);

	if (size < 0 && errno == EAGAIN)
		return -1;
	assert_int_equal(size, (ssize_t)wanted);
	memcpy(&number, data, sizeof(number));
	fill(expected, number);
	assert_memory_equal(data, expected, wanted);
	return number;
}

/* A column of /proc/net/stat/FILE, of all CPUs */
static unsigned long kernel_count(const char *file, const char *column)
{
	char path[64], line[512], *name, *state;
	unsigned long sum = 0;
	FILE *stats;
	int n = 0, at;

	snprintf(path, sizeof(path), "/proc/net/stat/%s", file);
	stats = fopen(path, "r");
	assert_non_null(stats);
	assert_non_null(fgets(line, sizeof(line), stats));
	for (name = strtok_r(line, " \n", &state); name && strcmp(name, column) != 0;
	     name = strtok_r(NULL, " \n", &state))
		n++;
	assert_non_null(name);
	while (fgets(line, sizeof(line), stats)) {
		name = strtok_r(line, " \n", &state);
		for (at = 0; name && at < n; at++)
			name = strtok_r(NULL, " \n", &state);
		assert_non_null(name);
		sum += strtoul(name, NULL, 16);
	}
	fclose(stats);
	return sum;
}

/* Where it may have gone on this side; what the cell knows is on its console. */
static void lost(const struct net *net, uint32_t expected, int64_t number)
{
	static const char *const counters[] = { "interrupts",  "rx_invalid",	"tx_stopped", "tx_woken",
						"peer_errors", "state_changes", "starts" };

	for (size_t n = 0; n < sizeof(counters) / sizeof(*counters); n++)
		printf("%s: %llu, ", counters[n], (unsigned long long)counter(net, counters[n]));
	printf("tx_packets: %s, ", of_interface(net, "statistics/tx_packets"));
	printf("rx_packets: %s, ", of_interface(net, "statistics/rx_packets"));
	printf("unresolved_discards: %lu\n", kernel_count("arp_cache", "unresolved_discards"));
	fail_msg("datagram %lld came back instead of %u", (long long)number, expected);
}

/*
 * All that is sent comes back, once, in order. The first goes alone, as Linux has to ask for the address of the peer.
 * It keeps less than a window until it knows (unres_qlen_bytes in its Documentation/networking/ip-sysctl.rst), and lets
 * what it kept be overtaken by what is sent just then.
 */
static void transfer(const struct net *net, uint32_t datagrams)
{
	int fd = open_socket(net);
	uint32_t sent = 0, received;
	int64_t number;

	for (received = 0; received < datagrams; received++) {
		while (sent < datagrams && sent < (received ? received + WINDOW : 1))
			send_one(fd, sent++, SIZE);
		number = receive_one(fd, SIZE);
		if (number != received)
			lost(net, received, number);
	}
	close(fd);
}

/* ---- tests ---- */

static int begin(void **state)
{
	links_load("ivshmem_net");
	return links_begin(state);
}

static void no_errors(const struct net *net)
{
	assert_int_equal(counter(net, "rx_invalid"), 0);
	assert_int_equal(counter(net, "peer_errors"), 0);
	assert_string_equal(of_interface(net, "statistics/rx_dropped"), "0");
	assert_string_equal(of_interface(net, "statistics/rx_errors"), "0");
}

/* The carrier never went: what Linux has to send while there is none it drops, and recent kernels count that. */
static void good_as_new(const struct net *net)
{
	no_errors(net);
	assert_string_equal(of_interface(net, "statistics/tx_dropped"), "0");
}

static void without_a_peer_the_carrier_is_off(void **state)
{
	unsigned int domain, bus, slot, function;
	char mac[32];

	(void)state;
	up(&net1);
	usleep(QUIET_MS * 1000);
	assert_string_equal(of_interface(&net1, "carrier"), "0");
	assert_string_equal(of_interface(&net1, "mtu"), "16384");
	/* docs/ivshmem-net.md, Address */
	sscanf(links_address("net"), "%x:%x:%x.%x", &domain, &bus, &slot, &function);
	snprintf(mac, sizeof(mac), "02:4a:%02x:%02x:%02x:%02x", domain & 0xff, bus, slot << 3 | function, 0);
	assert_string_equal(of_interface(&net1, "address"), mac);
	down(&net1);
}

static void carrier_follows_the_peer(void **state)
{
	uint32_t id;

	(void)state;
	up(&net1);
	id = links_cell("tiny", "net-echo", net1.parameters);
	wait_carrier(&net1, true);
	ping(&net1, 5, 56);
	ping(&net1, 3, 16000);
	links_destroy(id);
	wait_carrier(&net1, false);
	no_ping(&net1);
	id = links_cell("tiny", "net-echo", net1.parameters);
	wait_carrier(&net1, true);
	ping(&net1, 2, 56);
	/* Its own way down, with the peer there */
	down(&net1);
	up(&net1);
	wait_carrier(&net1, true);
	ping(&net1, 2, 56);
	no_errors(&net1);
	links_destroy(id);
}

static void peer_that_is_there_first(void **state)
{
	(void)state;
	links_cell("tiny", "net-echo", net1.parameters);
	sleep(1);
	up(&net1);
	wait_carrier(&net1, true);
	ping(&net1, 2, 56);
}

static void transfer_of_4_mib(void **state)
{
	(void)state;
	up(&net1);
	links_cell("tiny", "net-echo", net1.parameters);
	wait_carrier(&net1, true);
	transfer(&net1, DATAGRAMS);
	good_as_new(&net1);
	down(&net1);
}

/* A sender that waits for nothing. Result: how many came back, in order, none twice */
static uint32_t flood(const struct net *net, uint32_t datagrams, size_t size)
{
	int fd = open_socket(net), status;
	uint32_t received = 0;
	int64_t number, last = -1;
	pid_t child = fork();

	if (!child) {
		for (uint32_t n = 0; n < datagrams; n++)
			send_one(fd, n, size);
		_exit(0);
	}
	while ((number = receive_one(fd, size)) >= 0) {
		assert_true(number > last);
		last = number;
		received++;
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	close(fd);
	printf("flood: %u of %u came back, queue stopped %llu times\n", received, datagrams,
	       (unsigned long long)counter(net, "tx_stopped"));
	assert_int_equal(counter(net, "tx_stopped"), counter(net, "tx_woken"));
	return received;
}

/* The queue stops and goes on as it comes; what is lost is lost behind the ring. */
static void sender_that_is_faster_than_the_peer(void **state)
{
	(void)state;
	up(&net1);
	links_cell("tiny", "net-echo", net1.parameters);
	wait_carrier(&net1, true);
	ping(&net1, 1, 56);
	assert_in_range(flood(&net1, FLOOD, SIZE), FLOOD / 10, FLOOD);
	good_as_new(&net1);
	ping(&net1, 2, 56);
	down(&net1);
}

/* A peer that takes nothing until the ring is full; its own has room for as many answers. */
static void queue_that_has_to_stop(void **state)
{
	char parameters[32];

	(void)state;
	up(&net1);
	snprintf(parameters, sizeof(parameters), "%s hold=1", net1.parameters);
	links_cell("tiny", "net-echo", parameters);
	wait_carrier(&net1, true);
	ping(&net1, 1, 56);
	assert_in_range(flood(&net1, 2 * RING, SMALL), RING - OTHERS, 2 * RING);
	assert_true(counter(&net1, "tx_stopped") > 0);
	good_as_new(&net1);
	ping(&net1, 2, 56);
	down(&net1);
}

static void both_sides_start_anew(void **state)
{
	char mac[32];
	uint32_t id;

	(void)state;
	up(&net1);
	id = links_cell("tiny", "net-echo", net1.parameters);
	snprintf(mac, sizeof(mac), "%s", of_interface(&net1, "address"));
	for (unsigned int n = 0; n < ROUNDS; n++) {
		wait_carrier(&net1, true);
		transfer(&net1, 4);
		assert_string_equal(of_interface(&net1, "address"), mac);
		switch (n % 3) {
		case 0:
			links_load_cell(id, "net-echo", net1.parameters);
			wait_carrier(&net1, false);
			links_start(id);
			break;
		case 1:
			assert_int_equal(links_unload("ivshmem_net"), 0);
			links_load("ivshmem_net");
			up(&net1);
			break;
		case 2:
			down(&net1);
			up(&net1);
			break;
		}
	}
	wait_carrier(&net1, true);
	no_errors(&net1);
	down(&net1);
}

static void peer_started_again_without_a_load(void **state)
{
	uint32_t id;
	int changes;

	(void)state;
	up(&net1);
	id = links_cell("tiny", "net-echo", net1.parameters);
	for (unsigned int n = 0; n < 3; n++) {
		wait_carrier(&net1, true);
		ping(&net1, 2, 56);
		changes = atoi(of_interface(&net1, "carrier_changes"));
		links_start(id);
		wait_changes(&net1, changes + 2);
	}
	wait_carrier(&net1, true);
	ping(&net1, 2, 56);
	down(&net1);
}

static void two_networks_at_once(void **state)
{
	uint32_t echo;

	(void)state;
	up(&net1);
	up(&net2);
	links_cell("tiny", "net-echo", net1.parameters);
	echo = links_cell("echo", "net-echo", net2.parameters);
	wait_carrier(&net1, true);
	wait_carrier(&net2, true);
	transfer(&net1, 8);
	transfer(&net2, 8);
	links_destroy(echo);
	wait_carrier(&net2, false);
	transfer(&net1, 8);
	assert_string_equal(of_interface(&net1, "carrier"), "1");
}

/* Interfaces go with the hypervisor, whatever they are doing. */
static void disabled_while_up(void **state)
{
	(void)state;
	up(&net1);
	links_cell("tiny", "net-echo", net1.parameters);
	wait_carrier(&net1, true);
	ping(&net1, 1, 56);
	links_disable();
	links_enable();
	up(&net1);
	assert_string_equal(of_interface(&net1, "carrier"), "0");
	links_cell("tiny", "net-echo", net1.parameters);
	wait_carrier(&net1, true);
	ping(&net1, 1, 56);
}

#define IN_NET(name) cmocka_unit_test_setup_teardown(name, begin, links_end)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		IN_NET(without_a_peer_the_carrier_is_off),
		IN_NET(carrier_follows_the_peer),
		IN_NET(peer_that_is_there_first),
		IN_NET(transfer_of_4_mib),
		IN_NET(sender_that_is_faster_than_the_peer),
		IN_NET(queue_that_has_to_stop),
		IN_NET(both_sides_start_anew),
		IN_NET(two_networks_at_once),
		IN_NET(disabled_while_up),
		IN_NET(peer_started_again_without_a_load),
	};

	if (argc > 1 && *argv[1])
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests_name("links-net", tests, links_setup, links_teardown);
}
