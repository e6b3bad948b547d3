/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "generated.h"
#include "guest.h"

#define CELLS     "/usr/share/jailhouse/cells"
#define JAILHOUSE "/usr/sbin/jailhouse"
#define ARCHIVE   "/machine.tar"
#define COLLECTED "/machine"
#define TEXTS     "/usr/share/jailhouse/text"
#define BUILT     "/built"

#define RUN(...) run((const char *[]){__VA_ARGS__, NULL})

static void run(const char *const *argv)
{
	int status;
	pid_t child = fork();

	if (!child) {
		execv(argv[0], (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		fail_msg("%s %s %s: status 0x%x", argv[0], argv[1], argv[2], status);
}

static void assert_same_file(const char *left, const char *right)
{
	struct guest_file a = guest_file_read(left), b = guest_file_read(right);

	if (a.size != b.size || memcmp(a.data, b.data, a.size))
		fail_msg("%s and %s differ", left, right);
	guest_file_free(&a);
	guest_file_free(&b);
}

void guest_build_text(const char *example, const char *cell)
{
	char source[128], system_path[128], cell_path[128];

	snprintf(source, sizeof(source), TEXTS "/%s.dtb", example);
	snprintf(system_path, sizeof(system_path), CELLS "/%s.cell", GUEST_SYSTEM);
	snprintf(cell_path, sizeof(cell_path), CELLS "/%s.cell", cell);
	RUN("/bin/busybox", "mkdir", BUILT);
	RUN(JAILHOUSE, "config", "build", "--directory", BUILT, source);
	RUN("/bin/busybox", "mv", BUILT "/system.cell", system_path);
	RUN("/bin/busybox", "mv", BUILT "/tiny.cell", cell_path);
}

void guest_generate(const char *cell, int cpu)
{
	char system_path[128], cell_path[128], number[8];

	snprintf(system_path, sizeof(system_path), CELLS "/%s.cell", GUEST_SYSTEM);
	snprintf(cell_path, sizeof(cell_path), CELLS "/%s.cell", cell);
	snprintf(number, sizeof(number), "%d", cpu);
	assert_int_equal(unlink(system_path), 0);
	assert_int_equal(unlink(cell_path), 0);
	RUN(JAILHOUSE, "config", "create", "--cell", "generated", "--cpus", number, "--output",
	    cell_path, system_path);

	RUN(JAILHOUSE, "config", "collect", ARCHIVE);
	RUN("/bin/busybox", "mkdir", COLLECTED);
	RUN("/bin/busybox", "tar", "-x", "-f", ARCHIVE, "-C", COLLECTED);
	RUN(JAILHOUSE, "config", "create", "--root", COLLECTED, "--cell", "generated", "--cpus",
	    number, "--output", "/offline-cell.cell", "/offline-system.cell");
	assert_same_file(system_path, "/offline-system.cell");
	assert_same_file(cell_path, "/offline-cell.cell");
}
