/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the tests of the driver's own interface have to know of both ARMs */
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "driver-arch-arm-common.h"
#include "driver-util.h"

/* Two bytes of the machine's memory map, as Linux sees it; value NULL: read */
static void access_nothing(unsigned int offset, const uint16_t *value)
{
	int fd = open("/dev/mem", O_RDWR | O_SYNC | O_CLOEXEC);
	volatile uint8_t *page;

	assert_true(fd >= 0);
	page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, NOTHING);
	assert_ptr_not_equal(page, MAP_FAILED);
	if (value)
		*(volatile uint16_t *)(page + offset) = *value;
	else
		assert_int_equal(*(volatile uint16_t *)(page + offset), 0xffff);
	munmap((void *)(uintptr_t)page, 4096);
	close(fd);
}

void arm_stray_read(void)
{
	access_nothing(STRAY, NULL);
}

void arm_stray_write(void)
{
	const uint16_t zero = 0;

	access_nothing(STRAY_2, &zero);
}

/* Nothing: the frequency of the counter can be read by everyone. */
void arm_copy_filled_in(struct jailhouse_system *to, const struct jailhouse_system *from)
{
	(void)to;
	(void)from;
}
