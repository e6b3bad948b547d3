/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <jailhouse/cell-config.h>
#include "heart.h"

/* Its memory, and where the inmate counts in there */
#define CONFIG	     (guest_machine()->heart)
#define COUNTER	     0x8000
#define CMDLINE_BASE 0x1000

#define TIMEOUT_MS 10000
#define POLL_US	   20000

static volatile const uint64_t *counter;

uint64_t heart_beats(void)
{
	return *counter;
}

void heart_must_beat(void)
{
	const int64_t end = guest_now_ms() + TIMEOUT_MS;
	const uint64_t before = heart_beats();

	while (heart_beats() < before + 3) {
		if (guest_now_ms() > end)
			fail_msg("the cell does not run: %llu beats, before %llu",
				 (unsigned long long)heart_beats(), (unsigned long long)before);
		usleep(POLL_US);
	}
}

static void map_counter(uint64_t ram)
{
	int fd = open("/dev/mem", O_RDONLY | O_CLOEXEC);
	void *map = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, (off_t)(ram + COUNTER));

	assert_ptr_not_equal(map, MAP_FAILED);
	close(fd);
	counter = map;
}

/* Its RAM stays visible to Linux, and it grants its end without being asked. */
uint32_t heart_start(struct jailhouse *jh)
{
	static const char cmdline[] = "test=silent";
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct guest_file config = guest_config_read(CONFIG);
	struct guest_file inmate = guest_inmate_read("hostile");
	struct jailhouse_image images[2] = {{0, inmate.data, inmate.size},
					    {CMDLINE_BASE, cmdline, sizeof(cmdline)}};
	struct jailhouse_cell_desc *cell = config.data;
	struct jailhouse_memory *ram = (void *)(uintptr_t)jailhouse_cell_mem_regions(cell);
	const uint64_t start = ram->phys_start;
	uint32_t id;

	strcpy(cell->name, HEART_NAME);
	cell->flags |= JAILHOUSE_CELL_PASSIVE_COMMREG;
	assert_int_equal(ram->virt_start, 0);
	ram->flags |= JAILHOUSE_MEM_ROOTSHARED;
	guest_ok(jailhouse_cell_create(jh, config.data, config.size, &id, &error), &error);
	guest_ok(jailhouse_cell_load(jh, id, images, 2, &error), &error);
	guest_file_free(&inmate);
	guest_file_free(&config);
	guest_ok(jailhouse_cell_start(jh, id, &error), &error);
	map_counter(start);
	heart_must_beat();
	return id;
}

void heart_stop(struct jailhouse *jh, uint32_t id)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;

	munmap((void *)(uintptr_t)counter, 4096);
	guest_ok(jailhouse_cell_destroy(jh, id, &error), &error);
}
