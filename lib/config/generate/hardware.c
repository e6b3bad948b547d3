/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Whether a machine's processors can run the hypervisor. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config/generate/checklist.h"

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

	if (value_of(line, length, "processor", &value_length))
		info->count++;
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

/* ---- registers ---- */

static bool read_msr(const struct jh_msrs *msrs, uint32_t cpu, uint32_t number, uint64_t *ret_value)
{
	char path[4096];
	bool ok;
	int fd;

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

static void msr_row(struct jailhouse_checklist *list, const struct jh_msrs *msrs,
		    const struct jh_cpuinfo *info, const struct jh_msr_check *check)
{
	uint64_t value, first = 0;
	char found[48];
	uint32_t cpu;

	for (cpu = 0; cpu < msrs->num_cpus; cpu++) {
		if (!msrs->read(msrs, cpu, check->msr, &value)) {
			jh_row(list,
			       check->optional ? JAILHOUSE_CHECKLIST_NOTE
					       : JAILHOUSE_CHECKLIST_UNKNOWN,
			       check->name, "",
			       "MSR 0x%x of CPU %u can't be read: modprobe msr, and run "
			       "as root",
			       check->msr, cpu);
			return;
		}
		if (cpu == 0)
			first = value;
		if ((value & check->bits) == (first & check->bits))
			continue;
		jh_row(list, JAILHOUSE_CHECKLIST_MISSING, check->name, "",
		       "MSR 0x%x is 0x%llx on CPU 0, but 0x%llx on CPU %u", check->msr,
		       (unsigned long long)first, (unsigned long long)value, cpu);
		return;
	}
	snprintf(found, sizeof(found), "MSR 0x%x: 0x%llx", check->msr, (unsigned long long)first);
	if ((check->inverted ? ~first : first) & check->bits &&
	    ((check->inverted ? ~first : first) & check->bits) == check->bits)
		jh_row(list, JAILHOUSE_CHECKLIST_OK, check->name, found, NULL);
	else
		jh_row(list, missing(info, check), check->name, found, NULL);
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
		    const char *root)
{
	const struct jh_msrs msrs = {read_msr, root, info->count};

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

int jailhouse_hardware_check(const char *root, struct jailhouse_checklist **ret_list,
			     struct jailhouse_error *error)
{
	struct jailhouse_checklist *list;
	struct jh_cpuinfo *info;
	struct jh_blob blob = {NULL, 0};
	int err;

	if (!ret_list)
		return jh_error_argument(error, "ret_list");
	root = root ? root : "/";
	list = calloc(1, sizeof(*list));
	info = calloc(1, sizeof(*info));
	err = list && info ? jh_file_read(root, "proc/cpuinfo", false, &blob, error)
			   : jh_error_no_memory(error);
	if (!err)
		err = jh_cpuinfo_parse((const char *)blob.data, blob.size, info, error);
	if (!err) {
		add_common(list, info);
		if (*info->vendor)
			add_x86(list, info, root);
		else
			jh_hardware_arm(list, root);
		if (list->no_memory)
			err = jh_error_no_memory(error);
	}
	jh_blob_free(&blob);
	free(info);
	if (err)
		jailhouse_checklist_free(list);
	else
		*ret_list = list;
	return err;
}
