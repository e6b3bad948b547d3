/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Registers that only the kernel can read, by way of the driver. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <jailhouse/ioctl.h>

#include "backend/backend.h"
#include "config/generate/checklist.h"

#define FIRST_ROOM 64

/* Appends what there is of a CPU or the machine. */
static int read_unit(struct jailhouse *jh, uint32_t cpu, struct jh_kernel *kernel,
		     struct jailhouse_error *error)
{
	uint32_t count = 0, room = FIRST_ROOM;
	struct jailhouse_ioc_register *bigger;
	int err;

	do {
		bigger = realloc(kernel->reg, (kernel->count + room) * sizeof(*bigger));
		if (!bigger)
			return jh_error_no_memory(error);
		kernel->reg = bigger;
		count = room;
		err = jh->backend->hardware(jh, cpu, kernel->reg + kernel->count, &count,
					    &kernel->verdict, error);
		if (err)
			return err;
		/* A driver that finds more and more is none. */
		if (count > room && room > FIRST_ROOM)
			return jh_error_set(error, JAILHOUSE_ERR_PROTOCOL, 0,
					    "the driver's answer makes no sense: ever more registers");
		if (count <= room)
			break;
		room = count < JH_MAX_CPUS ? count : JH_MAX_CPUS;
	} while (true);
	kernel->count += count;
	return 0;
}

int jh_kernel_read(struct jailhouse *jh, const struct jh_cpuinfo *info, struct jh_kernel *ret_kernel,
		   struct jailhouse_error *error)
{
	struct jh_kernel kernel = {.count = 0};
	uint32_t cpu;
	int err;

	if (!jh->backend->hardware)
		return jh_not_supported(jh, "hardware check", error);
	err = read_unit(jh, JAILHOUSE_IOC_MACHINE, &kernel, error);
	for (cpu = jh_cpu_next(info, 0); !err && cpu < JH_MAX_CPUS; cpu = jh_cpu_next(info, cpu + 1))
		err = read_unit(jh, cpu, &kernel, error);
	if (err)
		jh_kernel_free(&kernel);
	else
		*ret_kernel = kernel;
	return err;
}

void jh_kernel_free(struct jh_kernel *kernel)
{
	free(kernel->reg);
	kernel->reg = NULL;
	kernel->count = 0;
}

bool jh_kernel_get(const struct jh_kernel *kernel, uint32_t kind, uint32_t unit, uint64_t number,
		   uint64_t *ret_value)
{
	size_t n;

	for (n = 0; n < kernel->count; n++)
		if (kernel->reg[n].kind == kind && kernel->reg[n].unit == unit &&
		    kernel->reg[n].number == number) {
			*ret_value = kernel->reg[n].value;
			return true;
		}
	return false;
}

void jh_kernel_verdict(struct jailhouse_checklist *list, const struct jh_kernel *kernel)
{
	static const char name[] = "Machine suits the driver";
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;

	if (kernel->verdict.code == JAILHOUSE_REASON_NONE) {
		jh_row(list, JAILHOUSE_CHECKLIST_OK, name, "", NULL);
		return;
	}
	jh_error_from_reason(&error, &kernel->verdict, kernel->verdict.error);
	/* What is only in use now is no lack of the hardware. */
	jh_row(list,
	       kernel->verdict.error == -EBUSY ? JAILHOUSE_CHECKLIST_NOTE : JAILHOUSE_CHECKLIST_MISSING,
	       name, jailhouse_reason_get_name(kernel->verdict.code), "%s", error.text);
}
