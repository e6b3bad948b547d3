/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* See ivshmem-tree.h. The real operating system, with another root. */
#define jh_os_root  jh_os_root_of_the_machine
#define jh_os_ioctl jh_os_ioctl_of_the_machine
#include "../../lib/os.c"
#undef jh_os_root
#undef jh_os_ioctl

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "ivshmem-tree.h"
#include "unit.h"

static char root[64];

const char *jh_os_root(void)
{
	return root;
}

int (*tree_ioctl)(int fd, unsigned long request, void *arg);

int jh_os_ioctl(int fd, unsigned long request, void *arg)
{
	return tree_ioctl ? tree_ioctl(fd, request, arg) : jh_os_ioctl_of_the_machine(fd, request, arg);
}

static void make_parents(char *path)
{
	char *slash;

	for (slash = strchr(path + strlen(root), '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(path, 0700);
		*slash = '/';
	}
}

void tree_file(const char *path, const void *data, size_t size)
{
	char full[256];
	FILE *to;

	snprintf(full, sizeof(full), "%s%s", root, path);
	make_parents(full);
	to = fopen(full, "w");
	assert_non_null(to);
	assert_int_equal(fwrite(data, 1, size, to), size);
	assert_int_equal(fclose(to), 0);
}

void tree_text(const char *path, const char *text)
{
	tree_file(path, text, strlen(text));
}

void tree_link(const char *path, const char *target)
{
	char full[256];

	snprintf(full, sizeof(full), "%s%s", root, path);
	make_parents(full);
	assert_int_equal(symlink(target, full), 0);
}

void tree_remove(const char *path)
{
	char full[256];

	snprintf(full, sizeof(full), "%s%s", root, path);
	assert_int_equal(remove(full), 0);
}

void *tree_map(const char *path, unsigned int page)
{
	char full[256];
	void *map;
	int fd;

	snprintf(full, sizeof(full), "%s%s", root, path);
	fd = open(full, O_RDWR | O_CLOEXEC);
	assert_true(fd >= 0);
	map = mmap(NULL, TREE_PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, (off_t)page * TREE_PAGE);
	assert_true(map != MAP_FAILED);
	close(fd);
	return map;
}

static void add_function(const char *address, const char *class)
{
	static const char *const file[] = {"vendor", "device", "class"};
	const char *const text[] = {"0x110a\n", "0x4106\n", class};
	char path[128];
	unsigned int n;

	for (n = 0; n < 3; n++) {
		snprintf(path, sizeof(path), "sys/bus/pci/devices/%s/%s", address, file[n]);
		tree_text(path, text[n]);
	}
}

static void add_map(unsigned int number, const char *name, const char *size)
{
	char path[128];

	snprintf(path, sizeof(path), "sys/class/uio/uio0/maps/map%u/name", number);
	tree_text(path, name);
	snprintf(path, sizeof(path), "sys/class/uio/uio0/maps/map%u/size", number);
	tree_text(path, size);
}

int tree_setup(void **state)
{
	static const unsigned char pages[5 * TREE_PAGE];
	struct jailhouse_ivshmem_regs *regs;

	(void)state;
	strcpy(root, "/tmp/ivshmem-XXXXXX");
	if (!mkdtemp(root))
		return -1;
	strcat(root, "/");
	/* Something else */
	tree_text("sys/bus/pci/devices/0000:00:00.0/vendor", "0x8086\n");
	tree_text("sys/bus/pci/devices/0000:00:00.0/device", "0x29c0\n");
	tree_text("sys/bus/pci/devices/0000:00:00.0/class", "0x060000\n");
	add_function(TREE_UIO, "0xff4001\n");
	tree_text("sys/bus/pci/devices/" TREE_UIO "/uio/uio0/name", "uio_ivshmem\n");
	add_map(0, "registers\n", "0x1000\n");
	add_map(1, "state_table\n", "0x0000000000001000\n");
	add_map(2, "rw_section\n", "0x1000\n");
	add_map(3, "input_sections\n", "0x2000\n");
	add_map(4, "output_section\n", "0x1000\n");
	tree_file("dev/uio0", pages, sizeof(pages));
	regs = tree_regs();
	regs->id = 1;
	regs->max_peers = 2;
	return 0;
}

void tree_add_memory(void)
{
	static const unsigned char pages[TREE_BASE + 4 * TREE_PAGE];
	struct jailhouse_ivshmem_vendor_cap cap = {
		.id = 9,
		.length = JAILHOUSE_IVSHMEM_VENDOR_CAP_SIZE,
		.state_table_size = TREE_PAGE,
		.output_section_size = TREE_PAGE,
		.base_address = TREE_BASE,
	};
	unsigned char config[256] = {0};
	struct jailhouse_ivshmem_regs *regs;

	add_function(TREE_MEMORY, "0xff0000\n");
	memcpy(config + JAILHOUSE_IVSHMEM_CFG_VENDOR_CAP, &cap, sizeof(cap));
	tree_file("sys/bus/pci/devices/" TREE_MEMORY "/config", config, sizeof(config));
	tree_text("sys/bus/pci/devices/" TREE_MEMORY "/enable", "0\n");
	tree_file("sys/bus/pci/devices/" TREE_MEMORY "/resource0", pages, TREE_PAGE);
	tree_file("dev/mem", pages, sizeof(pages));
	regs = tree_map("sys/bus/pci/devices/" TREE_MEMORY "/resource0", 0);
	regs->max_peers = 3;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

int tree_teardown(void **state)
{
	(void)state;
	return nftw(root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

struct jailhouse_ivshmem_regs *tree_regs(void)
{
	return tree_map("dev/uio0", 0);
}

uint32_t *tree_states(void)
{
	return tree_map("dev/uio0", 1);
}

void *tree_peer_output(void)
{
	return tree_map("dev/uio0", 3);
}

void *tree_own_output(void)
{
	return tree_map("dev/uio0", 4);
}
