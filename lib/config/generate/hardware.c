/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Whether a machine's processors can run the hypervisor. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jailhouse/ioctl.h>

#include "backend/backend.h"
#include "config/generate/checklist.h"
#include "os.h"

/* ---- proc/cpuinfo ---- */

/* The value of "key\t: value", cut at the line's end; NULL: another key. */
static const char *value_of(const char *line, size_t length, const char *key, size_t *ret_length)
{
	size_t key_length = strlen(key);
	const char *colon = memchr(line, ':', length);

	if (!colon || length < key_length || memcmp(line, key, key_length) != 0 ||
	    (line[key_length] != '\t' && line[key_length] != ' ' && line[key_length] != ':'))
		return NULL;
	colon++;
	while (colon < line + length && *colon == ' ')
		colon++;
	*ret_length = (size_t)(line + length - colon);
	return colon;
}

/* Keeps the value of the first CPU, with blanks around, and notices who differs. */
static void keep(char *first, size_t size, const char *value, size_t length, uint32_t cpu,
		 uint32_t *odd)
{
	char padded[JH_CPU_FLAGS];

	snprintf(padded, size < sizeof(padded) ? size : sizeof(padded), " %.*s ", (int)length,
		 value);
	if (cpu <= 1)
		strcpy(first, padded);
	else if (strcmp(first, padded) != 0 && *odd == 0)
		*odd = cpu - 1;
}

static void take_line(struct jh_cpuinfo *info, const char *line, size_t length)
{
	size_t value_length;
	const char *value;
	unsigned long cpu;

	value = value_of(line, length, "processor", &value_length);
	if (value) {
		info->count++;
		cpu = strtoul(value, NULL, 10);
		if (cpu < JH_MAX_CPUS)
			info->ids[cpu / 64] |= 1ull << cpu % 64;
	}
	value = value_of(line, length, "vendor_id", &value_length);
	if (value)
		keep(info->vendor, sizeof(info->vendor), value, value_length, info->count,
		     &info->odd_vendor);
	value = value_of(line, length, "flags", &value_length);
	if (!value)
		value = value_of(line, length, "Features", &value_length);
	if (value)
		keep(info->flags, sizeof(info->flags), value, value_length, info->count,
		     &info->odd_flags);
}

int jh_cpuinfo_parse(const char *text, size_t size, struct jh_cpuinfo *ret_info,
		     struct jailhouse_error *error)
{
	const char *end = text + size;
	const char *next;

	memset(ret_info, 0, sizeof(*ret_info));
	for (; text < end; text = next) {
		next = memchr(text, '\n', (size_t)(end - text));
		take_line(ret_info, text, (size_t)((next ? next : end) - text));
		next = next ? next + 1 : end;
	}
	if (ret_info->count == 0)
		return jh_error_set(error, JAILHOUSE_ERR_CONFIG, 0,
				    "proc/cpuinfo: it names no processor");
	return 0;
}

bool jh_cpu_flag(const struct jh_cpuinfo *info, const char *flag)
{
	char padded[64];

	snprintf(padded, sizeof(padded), " %s ", flag);
	return strstr(info->flags, padded);
}

uint32_t jh_cpu_next(const struct jh_cpuinfo *info, uint32_t cpu)
{
	while (cpu < JH_MAX_CPUS && !(info->ids[cpu / 64] >> cpu % 64 & 1))
		cpu++;
	return cpu;
}

/* ---- registers ---- */

static bool read_msr(const struct jh_msrs *msrs, uint32_t cpu, uint32_t number, uint64_t *ret_value)
{
	char path[4096];
	bool ok;
	int fd;

	if (msrs->kernel)
		return jh_kernel_get(msrs->kernel, JAILHOUSE_HARDWARE_MSR, cpu, number, ret_value);
	if (snprintf(path, sizeof(path), "%s/dev/cpu/%u/msr", msrs->root, cpu) >= (int)sizeof(path))
		return false;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return false;
	ok = pread(fd, ret_value, sizeof(*ret_value), (off_t)number) == sizeof(*ret_value);
	close(fd);
	return ok;
}

static uint32_t missing(const struct jh_cpuinfo *info, const struct jh_msr_check *check)
{
	if (check->optional || (check->if_flag && !jh_cpu_flag(info, check->if_flag)))
		return JAILHOUSE_CHECKLIST_NOTE;
	return JAILHOUSE_CHECKLIST_MISSING;
}

void jh_bits_row(struct jailhouse_checklist *list, const struct jh_cpuinfo *info,
		 const struct jh_msr_check *check, uint64_t value, const char *found)
{
	uint64_t good = (check->inverted ? ~value : value) & check->bits;
	bool ok = check->any ? good != 0 : good == check->bits;

	jh_row(list, ok ? JAILHOUSE_CHECKLIST_OK : missing(info, check), check->name, found, NULL);
}

static void unreadable_row(struct jailhouse_checklist *list, const struct jh_msrs *msrs,
			   const struct jh_cpuinfo *info, const struct jh_msr_check *check, uint32_t cpu)
{
	if (msrs->kernel)
		jh_row(list, missing(info, check), check->name, "", "CPU %u has no MSR 0x%x", cpu,
		       check->msr);
	else
		jh_row(list, check->optional ? JAILHOUSE_CHECKLIST_NOTE : JAILHOUSE_CHECKLIST_UNKNOWN,
		       check->name, "",
		       "MSR 0x%x of CPU %u can't be read: load the driver, or modprobe msr, and run as "
		       "root",
		       check->msr, cpu);
}

static void msr_row(struct jailhouse_checklist *list, const struct jh_msrs *msrs,
		    const struct jh_cpuinfo *info, const struct jh_msr_check *check)
{
	uint32_t boot = jh_cpu_next(info, 0);
	uint64_t value, first = 0;
	char found[48];
	uint32_t cpu;

	for (cpu = boot; cpu < JH_MAX_CPUS; cpu = jh_cpu_next(info, cpu + 1)) {
		if (!msrs->read(msrs, cpu, check->msr, &value)) {
			unreadable_row(list, msrs, info, check, cpu);
			return;
		}
		if (cpu == boot)
			first = value;
		if ((value & check->bits) == (first & check->bits))
			continue;
		jh_row(list, JAILHOUSE_CHECKLIST_MISSING, check->name, "",
		       "MSR 0x%x is 0x%llx on CPU %u, but 0x%llx on CPU %u", check->msr,
		       (unsigned long long)first, boot, (unsigned long long)value, cpu);
		return;
	}
	snprintf(found, sizeof(found), "MSR 0x%x: 0x%llx", check->msr, (unsigned long long)first);
	jh_bits_row(list, info, check, first, found);
}

void jh_msr_rows(struct jailhouse_checklist *list, const struct jh_msrs *msrs,
		 const struct jh_cpuinfo *info, const struct jh_msr_check *check, size_t count)
{
	size_t n;

	for (n = 0; n < count; n++)
		msr_row(list, msrs, info, &check[n]);
}

/* ---- the whole ---- */

static void add_common(struct jailhouse_checklist *list, const struct jh_cpuinfo *info)
{
	char found[32];

	list->section = "CPU";
	snprintf(found, sizeof(found), "%u", info->count);
	jh_row(list, info->count > 1 ? JAILHOUSE_CHECKLIST_OK : JAILHOUSE_CHECKLIST_MISSING,
	       "Number of CPUs > 1", found, "a cell needs a CPU of its own");
	snprintf(found, sizeof(found), "CPU %u differs",
		 info->odd_vendor ? info->odd_vendor : info->odd_flags);
	if (info->odd_vendor)
		jh_row(list, JAILHOUSE_CHECKLIST_MISSING, "Same vendor on all CPUs", found, NULL);
	if (info->odd_flags)
		jh_row(list, JAILHOUSE_CHECKLIST_MISSING, "Same features on all CPUs", found, NULL);
}

static void add_x86(struct jailhouse_checklist *list, const struct jh_cpuinfo *info,
		    const char *root, const struct jh_kernel *kernel)
{
	const struct jh_msrs msrs = {read_msr, root, kernel};

	jh_row(list, jh_cpu_flag(info, "lm") ? JAILHOUSE_CHECKLIST_OK : JAILHOUSE_CHECKLIST_MISSING,
	       "Long mode", "", "the CPU has no 64 bits");
	if (strcmp(info->vendor, " GenuineIntel ") == 0)
		jh_hardware_intel(list, &msrs, info);
	else if (strcmp(info->vendor, " AuthenticAMD ") == 0)
		jh_hardware_amd(list, &msrs, info);
	else
		jh_row(list, JAILHOUSE_CHECKLIST_MISSING, "Known vendor", info->vendor,
		       "the hypervisor knows CPUs of Intel and AMD");
}

/* With a connection: what its driver can read, or else why that is not known. */
static int add_all(struct jailhouse_checklist *list, const struct jh_cpuinfo *info, const char *root,
		   struct jailhouse *jh, struct jailhouse_error *error)
{
	struct jailhouse_error why = JAILHOUSE_ERROR_INIT;
	struct jh_kernel kernel = {.count = 0};
	int err;

	add_common(list, info);
	err = jh ? jh_kernel_read(jh, info, &kernel, &why) : JAILHOUSE_ERR_NOT_SUPPORTED;
	if (err == JAILHOUSE_ERR_NO_MEMORY)
		return jh_error_copy(error, &why);
	if (jh && err)
		jh_row(list, JAILHOUSE_CHECKLIST_NOTE, "Registers by the driver", "", "%s", why.text);
	if (!err)
		jh_kernel_verdict(list, &kernel);
	if (*info->vendor) {
		add_x86(list, info, root, err ? NULL : &kernel);
	} else {
		jh_hardware_arm(list, root);
		jh_hardware_arm_kernel(list, err ? NULL : &kernel, info);
	}
	jh_kernel_free(&kernel);
	return list->no_memory ? jh_error_no_memory(error) : 0;
}

static int check(struct jailhouse *jh, const char *root, struct jailhouse_checklist **ret_list,
		 struct jailhouse_error *error)
{
	struct jailhouse_checklist *list;
	struct jh_cpuinfo *info;
	struct jh_blob blob = {NULL, 0};
	int err;

	list = calloc(1, sizeof(*list));
	info = calloc(1, sizeof(*info));
	err = list && info ? jh_file_read(root, "proc/cpuinfo", false, &blob, error)
			   : jh_error_no_memory(error);
	if (!err)
		err = jh_cpuinfo_parse((const char *)blob.data, blob.size, info, error);
	if (!err)
		err = add_all(list, info, root, jh, error);
	jh_blob_free(&blob);
	free(info);
	if (err)
		jailhouse_checklist_free(list);
	else
		*ret_list = list;
	return err;
}

int jailhouse_hardware_check(const char *root, struct jailhouse_checklist **ret_list,
			     struct jailhouse_error *error)
{
	if (!ret_list)
		return jh_error_argument(error, "ret_list");
	return check(NULL, root ? root : "/", ret_list, error);
}

static int check_simulation(struct jailhouse_checklist **ret_list, struct jailhouse_error *error)
{
	struct jailhouse_checklist *list = calloc(1, sizeof(*list));

	if (!list)
		return jh_error_no_memory(error);
	list->section = "CPU";
	jh_row(list, JAILHOUSE_CHECKLIST_OK, "Simulated machine", "it has what it needs", NULL);
	if (list->no_memory) {
		jailhouse_checklist_free(list);
		return jh_error_no_memory(error);
	}
	*ret_list = list;
	return 0;
}

int jailhouse_check_hardware(struct jailhouse *jh, struct jailhouse_checklist **ret_list,
			     struct jailhouse_error *error)
{
	const char *root;

	if (!jh || !ret_list)
		return jh_error_argument(error, "jh or ret_list is NULL");
	if (!jh->backend->on_host)
		return check_simulation(ret_list, error);
	root = jh_os_root();
	return root ? check(jh, root, ret_list, error) : jh_not_supported(jh, "hardware check", error);
}
