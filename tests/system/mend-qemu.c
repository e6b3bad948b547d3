// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * To be preloaded into QEMU (7.2 and 10.0 as they come from Debian): mends two bugs of TCG with a thread for each CPU,
 * by which a CPU is lost now and then. docs/SUPPORT.md tells what comes of them; without this the run emulator-map-10
 * of tests/system/runs.list fails, emulator-map-7 about half the time. A program without these functions is left alone.
 *
 * 1. cpu_clear_ignne() clears a flag of CPU 0 in env->hflags2 without a lock, from the thread of each CPU that loads
 *    the state of its FPU. An old value of that word comes back by that: CPU 0 is in a guest with GIF clear, or in the
 *    hypervisor with nested paging. The flag is for FPU exceptions as DOS was told of them. It stays as it is.
 *
 * 2. The TLB has devices as numbers of sections in the current map of memory. When a CPU maps a BAR, say, other CPUs
 *    have a new map before they have flushed their TLBs, and access what has the same number there. So the EOI of a
 *    timer interrupt that comes while Linux sets up its PCI devices goes to the BIOS, and that CPU has no timer any
 *    more. Here the numbers are those of a table that has the sections of older maps, too.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* QEMU's struct MemoryRegionSection, as far as it matters (include/exec/memory.h). */
struct section {
	uint64_t size[2];
	void *region;
	void *view;
	uint64_t region_offset;
	uint64_t address;
	uint64_t flags[2];
};
_Static_assert(sizeof(struct section) == 64, "the known code divides by this");

/*
 * Numbers have to be below the size of a page, which is 1 KiB on some ARM machines. Once all are in use, the oldest is
 * used again: a new section comes with a new map, after which each CPU flushes its TLB before it goes on, so at most
 * those of the last few maps are still in a TLB.
 */
#define NUM_SECTIONS 1024

static struct section sections[NUM_SECTIONS];
static unsigned int used, next;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static int is_same(const struct section *a, const struct section *b)
{
	return a->region == b->region && a->region_offset == b->region_offset && a->address == b->address &&
	       a->size[0] == b->size[0] && a->size[1] == b->size[1];
}

/* For memory_region_section_get_iotlb() */
static uint64_t number_of(const void *cpu, const struct section *section)
{
	unsigned int n;

	(void)cpu;
	pthread_mutex_lock(&lock);
	for (n = 0; n < used && !is_same(&sections[n], section); n++)
		;
	if (n == used) {
		n = next;
		next = (next + 1) % NUM_SECTIONS;
		used += used < NUM_SECTIONS;
		sections[n] = *section;
		/* The map may be gone when the section is used; nobody asks for it. */
		sections[n].view = NULL;
	}
	pthread_mutex_unlock(&lock);
	return n;
}

/* For iotlb_to_section(). The CPU that asks has got the number itself, so the section is there, without the lock. */
static struct section *section_of(const void *cpu, uint64_t number)
{
	(void)cpu;
	return &sections[number % NUM_SECTIONS];
}

static void do_nothing(void)
{
}

static void fail(const char *what, const char *name)
{
	fprintf(stderr, "mend-qemu: %s: %s: %s\n", name, what, strerror(errno));
	exit(1);
}

/* Lets the function begin with a jump to another one. */
static void replace(const char *name, void *from, void (*to)(void))
{
	/* jmp *0(%rip), and the address behind it */
	unsigned char code[14] = { 0xff, 0x25 };
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE), start = (uintptr_t)from & ~(page - 1);
	size_t size = (uintptr_t)from + sizeof(code) - start;

	memcpy(code + 6, &to, sizeof(to));
	if (mprotect((void *)start, size, PROT_READ | PROT_WRITE | PROT_EXEC))
		fail("cannot be written", name);
	memcpy(from, code, sizeof(code));
	if (mprotect((void *)start, size, PROT_READ | PROT_EXEC))
		fail("cannot be made read-only", name);
}

/* section - section->view->dispatch->map.sections, with sizes and offsets that struct section above stands for */
static const unsigned char known_number_of[] = {
	0x48, 0x8b, 0x46, 0x18, 0x48, 0x8b, 0x40, 0x28, 0x48, 0x2b, 0x70, 0x38, 0x48, 0x89, 0xf0, 0x48, 0xc1, 0xf8, 0x06
};

__attribute__((constructor)) static void mend(void)
{
	void *clear = dlsym(RTLD_DEFAULT, "cpu_clear_ignne");
	void *number = dlsym(RTLD_DEFAULT, "memory_region_section_get_iotlb");
	void *section = dlsym(RTLD_DEFAULT, "iotlb_to_section");

	if (clear)
		replace("cpu_clear_ignne", clear, do_nothing);
	if (!number || !section)
		return;
	if (memcmp(number, known_number_of, sizeof(known_number_of))) {
		fputs("mend-qemu: unknown memory_region_section_get_iotlb(), it is left as it is\n", stderr);
		return;
	}
	replace("memory_region_section_get_iotlb", number, (void (*)(void))number_of);
	replace("iotlb_to_section", section, (void (*)(void))section_of);
}
