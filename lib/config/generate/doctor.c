/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What keeps the hypervisor from being enabled: firmware, kernel, its arguments, installation. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/generate/checklist.h"

#define OK      JAILHOUSE_CHECKLIST_OK
#define NOTE    JAILHOUSE_CHECKLIST_NOTE
#define UNKNOWN JAILHOUSE_CHECKLIST_UNKNOWN
#define MISSING JAILHOUSE_CHECKLIST_MISSING

/* Ten times what Debian's has */
#define MAX_OPTIONS (4 * JH_MIB)

#define RESERVED_BYTES (82 * JH_MIB)

struct doctor {
	const char *root;
	struct jailhouse_checklist *list;
	char release[128];
	char command_line[4096];
	bool arm;
	bool intel;
};

static uint32_t ok_if(bool good, uint32_t otherwise)
{
	return good ? OK : otherwise;
}

/* A whole file as text, NULL if it can't be read. Free it. */
static char *read_text(const struct doctor *doctor, const char *format, const char *argument)
{
	char name[256];
	struct jh_blob blob;

	if (snprintf(name, sizeof(name), format, argument) >= (int)sizeof(name) ||
	    jh_file_read(doctor->root, name, true, &blob, NULL) != 0)
		return NULL;
	return (char *)blob.data;
}

/* Is there an argument, or the start of one, in the kernel's command line? */
static bool has_argument(const struct doctor *doctor, const char *argument)
{
	const char *at = doctor->command_line;
	size_t length = strlen(argument);

	for (at = strstr(at, argument); at; at = strstr(at + 1, argument))
		if ((at == doctor->command_line || at[-1] == ' ') &&
		    (at[length] == '\0' || at[length] == ' ' || argument[length - 1] == '='))
			return true;
	return false;
}

/* ---- firmware ---- */

static void check_x86_firmware(const struct doctor *doctor, const struct jh_cpuinfo *info)
{
	const char *flag = doctor->intel ? "vmx" : "svm";

	jh_row(doctor->list, ok_if(jh_cpu_flag(info, flag), MISSING), "Virtualization", flag,
	       "switch %s on in the firmware's setup (Intel Virtualization Technology, SVM mode)",
	       flag);
}

static void check_firmware(struct doctor *doctor)
{
	struct jh_cpuinfo *info = calloc(1, sizeof(*info));
	char *text = read_text(doctor, "%s", "proc/cpuinfo");

	doctor->list->section = "firmware";
	if (!info || !text || jh_cpuinfo_parse(text, strlen(text), info, NULL) != 0) {
		jh_row(doctor->list, UNKNOWN, "Virtualization", "", "proc/cpuinfo can't be read");
	} else if (*info->vendor) {
		doctor->intel = strcmp(info->vendor, " GenuineIntel ") == 0;
		check_x86_firmware(doctor, info);
	} else {
		doctor->arm = true;
		jh_hardware_arm(doctor->list, doctor->root);
	}
	free(info);
	free(text);
}

/* ---- kernel ---- */

static bool has_option(const char *config, const char *option)
{
	size_t length = strlen(option);
	const char *at;

	for (at = strstr(config, option); at; at = strstr(at + 1, option))
		if ((at == config || at[-1] == '\n') && at[length] == '=' &&
		    (at[length + 1] == 'y' || at[length + 1] == 'm'))
			return true;
	return false;
}

/* From the kernel itself, if it tells them, else from the files that distributions install. Free it. */
static char *read_options(const struct doctor *doctor)
{
	static const char *const places[] = {"boot/config-%s", "lib/modules/%s/config",
					     "usr/lib/modules/%s/config", "lib/modules/%s/build/.config"};
	struct jh_blob packed, text;
	char *config = NULL;
	size_t n;

	if (jh_file_read(doctor->root, "proc/config.gz", true, &packed, NULL) == 0) {
		if (jh_gunzip(packed.data, packed.size, MAX_OPTIONS, &text))
			config = (char *)text.data;
		jh_blob_free(&packed);
	}
	for (n = 0; !config && n < JH_ARRAY_SIZE(places); n++)
		config = read_text(doctor, places[n], doctor->release);
	return config;
}

static void check_options(const struct doctor *doctor)
{
	static const char *const needed[] = {"CONFIG_MODULES", "CONFIG_FW_LOADER",
					     "CONFIG_HOTPLUG_CPU", "CONFIG_SMP"};
	char *config = read_options(doctor);
	size_t n;

	if (!config) {
		jh_row(doctor->list, UNKNOWN, "Options of the kernel", "",
		       "neither proc/config.gz nor boot/config-%s can be read", doctor->release);
		return;
	}
	for (n = 0; n < JH_ARRAY_SIZE(needed); n++)
		jh_row(doctor->list, ok_if(has_option(config, needed[n]), MISSING), needed[n], "",
		       "use a kernel that is built with %s", needed[n]);
	if (has_option(config, "CONFIG_MODULE_SIG_FORCE"))
		jh_row(doctor->list, NOTE, "Modules without a signature", "CONFIG_MODULE_SIG_FORCE",
		       "sign jailhouse.ko with a key that the kernel knows");
	free(config);
}

static void check_lockdown(const struct doctor *doctor)
{
	char line[128];

	jh_file_line(doctor->root, "sys/kernel/security/lockdown", line, sizeof(line));
	jh_row(doctor->list,
	       ok_if(!strstr(line, "[integrity]") && !strstr(line, "[confidentiality]"), NOTE),
	       "No lockdown", line,
	       "the kernel takes signed modules only: enrol a key for jailhouse.ko, or switch "
	       "Secure "
	       "Boot off");
}

/* "name size users dependents state": how many use it? -1: not loaded. */
static long module_users(const char *modules, const char *name)
{
	size_t length = strlen(name);
	const char *at;
	long size, users;

	for (at = modules ? strstr(modules, name) : NULL; at; at = strstr(at + 1, name))
		if ((at == modules || at[-1] == '\n') && at[length] == ' ' &&
		    sscanf(at + length, " %ld %ld", &size, &users) == 2)
			return users;
	return -1;
}

static void check_x86_kvm(const struct doctor *doctor, const char *modules)
{
	const char *name = doctor->intel ? "kvm_intel" : "kvm_amd";
	long users = module_users(modules, name);

	jh_row(doctor->list, users > 0 ? MISSING : OK, "No virtual machines of KVM", "",
	       "%s is in use: end the virtual machines", name);
}

static void check_arm_kvm(const struct doctor *doctor)
{
	unsigned int major = 0, minor = 0;
	bool takes_el2;

	sscanf(doctor->release, "%u.%u", &major, &minor);
	takes_el2 = major > 6 || (major == 6 && minor >= 12);
	jh_row(doctor->list, ok_if(!has_argument(doctor, "kvm-arm.mode=protected"), MISSING),
	       "KVM not in protected mode", "",
	       "remove kvm-arm.mode=protected from the kernel's arguments");
	if (takes_el2)
		jh_row(doctor->list,
		       ok_if(has_argument(doctor, "kvm.enable_virt_at_load=0") ||
				     has_argument(doctor, "kvm-arm.mode=none"),
			     MISSING),
		       "KVM leaves EL2 alone", doctor->release,
		       "add to the kernel's arguments: kvm.enable_virt_at_load=0");
	jh_row(doctor->list,
	       ok_if(has_argument(doctor, "id_aa64mmfr1.vh=0") ||
			     has_argument(doctor, "kvm-arm.mode=nvhe") ||
			     !has_argument(doctor, "kvm-arm.mode=vhe"),
		     NOTE),
	       "Linux not in EL2", "",
	       "where the CPU has VHE, add: id_aa64mmfr1.vh=0 kvm-arm.mode=none");
}

static void check_kernel(const struct doctor *doctor)
{
	char *modules = read_text(doctor, "%s", "proc/modules");
	unsigned int major = 0, minor = 0;

	doctor->list->section = "kernel";
	if (sscanf(doctor->release, "%u.%u", &major, &minor) != 2)
		jh_row(doctor->list, UNKNOWN, "Version 6.1 or later", "",
		       "proc/sys/kernel/osrelease can't be read");
	else
		jh_row(doctor->list, ok_if(major > 6 || (major == 6 && minor >= 1), NOTE),
		       "Version 6.1 or later", doctor->release, "older ones have not been tried");
	check_options(doctor);
	check_lockdown(doctor);
	if (doctor->arm)
		check_arm_kvm(doctor);
	else
		check_x86_kvm(doctor, modules);
	free(modules);
}

/* ---- arguments ---- */

static void check_iommu(const struct doctor *doctor)
{
	if (jh_file_exists(doctor->root, "sys/firmware/acpi/tables/DMAR"))
		jh_row(doctor->list,
		       ok_if(has_argument(doctor, "intel_iommu=off") &&
				     has_argument(doctor, "intremap=off"),
			     MISSING),
		       "Linux leaves the IOMMU alone", "VT-d",
		       "add to the kernel's arguments: intel_iommu=off intremap=off");
	if (jh_file_exists(doctor->root, "sys/firmware/acpi/tables/IVRS"))
		jh_row(doctor->list, ok_if(has_argument(doctor, "amd_iommu=off"), MISSING),
		       "Linux leaves the IOMMU alone", "AMD-Vi",
		       "add to the kernel's arguments: amd_iommu=off");
}

static void propose(const struct doctor *doctor, const struct jailhouse_machine *machine)
{
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	char *text;

	if (jailhouse_machine_propose_reservation(machine, RESERVED_BYTES, &text, &error) != 0) {
		jh_row(doctor->list, MISSING, "Reserved memory", "none", "%s", error.text);
		return;
	}
	if (doctor->arm)
		jh_row(doctor->list, MISSING, "Reserved memory", "none",
		       "add to the device tree:\n%s", text);
	else
		jh_row(doctor->list, MISSING, "Reserved memory", "none",
		       "add to the kernel's arguments: %s\nin /etc/default/grub: "
		       "GRUB_CMDLINE_LINUX=\"%.*s\\\\\\$%s\", then run update-grub",
		       text, (int)strcspn(text, "$"), text,
		       strchr(text, '$') ? strchr(text, '$') + 1 : "");
	jailhouse_text_free(text);
}

static void check_memory(const struct doctor *doctor)
{
	struct jailhouse_machine_options options = JAILHOUSE_MACHINE_OPTIONS_INIT;
	struct jailhouse_error error = JAILHOUSE_ERROR_INIT;
	struct jailhouse_machine *machine;
	const struct jh_region *region;
	char found[96];

	options.root = doctor->root;
	if (jailhouse_machine_read(&options, &machine, &error) != 0) {
		jh_row(doctor->list, error.code == JAILHOUSE_ERR_ENABLED ? OK : UNKNOWN,
		       "Reserved memory", "", "%s", error.text);
		return;
	}
	if (machine->reserved.count == 0) {
		propose(doctor, machine);
	} else {
		region = &machine->reserved.region[0];
		snprintf(found, sizeof(found), "0x%llx-0x%llx", (unsigned long long)region->start,
			 (unsigned long long)region->last);
		jh_row(doctor->list, OK, "Reserved memory", found, NULL);
	}
	jailhouse_machine_free(machine);
}

/* ---- installation ---- */

static void check_module(const struct doctor *doctor)
{
	char *modules = read_text(doctor, "%s", "proc/modules");
	char *known = read_text(doctor, "lib/modules/%s/modules.dep", doctor->release);
	bool loaded = module_users(modules, "jailhouse") >= 0;
	bool installed = known && strstr(known, "/jailhouse.ko");

	jh_row(doctor->list, ok_if(loaded || installed, MISSING), "Driver for this kernel",
	       loaded      ? "loaded"
	       : installed ? "installed"
			   : "",
	       "install jailhouse.ko below lib/modules/%s and run depmod", doctor->release);
	if (!loaded)
		jh_row(doctor->list, NOTE, "Driver loaded", "", "run modprobe jailhouse");
	else
		jh_row(doctor->list, ok_if(jh_file_exists(doctor->root, "dev/jailhouse"), MISSING),
		       "Device node", "", "/dev/jailhouse is made by devtmpfs or udev");
	free(known);
	free(modules);
}

static void check_image(const struct doctor *doctor)
{
	const char *image = doctor->arm     ? "lib/firmware/jailhouse.bin"
			    : doctor->intel ? "lib/firmware/jailhouse-intel.bin"
					    : "lib/firmware/jailhouse-amd.bin";

	jh_row(doctor->list, ok_if(jh_file_exists(doctor->root, image), MISSING),
	       "Hypervisor image", image, "install the hypervisor's image for this CPU");
}

static void check_access(const struct doctor *doctor)
{
	char *groups = read_text(doctor, "%s", "etc/group");
	bool group = groups &&
		     (strncmp(groups, "jailhouse:", 10) == 0 || strstr(groups, "\njailhouse:"));
	bool rules = jh_file_exists(doctor->root, "lib/udev/rules.d/60-jailhouse.rules") ||
		     jh_file_exists(doctor->root, "usr/lib/udev/rules.d/60-jailhouse.rules") ||
		     jh_file_exists(doctor->root, "etc/udev/rules.d/60-jailhouse.rules");

	jh_row(doctor->list, ok_if(group, NOTE), "Group jailhouse", "",
	       "for use without being root: addgroup --system jailhouse");
	jh_row(doctor->list, ok_if(rules, NOTE), "Rules for udev", "",
	       "for use without being root: install 60-jailhouse.rules");
	free(groups);
}

int jailhouse_doctor(const char *root, struct jailhouse_checklist **ret_list,
		     struct jailhouse_error *error)
{
	struct doctor *doctor;
	int err = 0;

	if (!ret_list)
		return jh_error_argument(error, "ret_list");
	doctor = calloc(1, sizeof(*doctor));
	if (doctor)
		doctor->list = calloc(1, sizeof(*doctor->list));
	if (!doctor || !doctor->list) {
		free(doctor);
		return jh_error_no_memory(error);
	}
	doctor->root = root ? root : "/";
	jh_file_line(doctor->root, "proc/sys/kernel/osrelease", doctor->release,
		     sizeof(doctor->release));
	jh_file_line(doctor->root, "proc/cmdline", doctor->command_line,
		     sizeof(doctor->command_line));
	check_firmware(doctor);
	check_kernel(doctor);
	doctor->list->section = "arguments";
	check_memory(doctor);
	if (!doctor->arm)
		check_iommu(doctor);
	doctor->list->section = "installation";
	check_module(doctor);
	check_image(doctor);
	check_access(doctor);
	if (doctor->list->no_memory) {
		jailhouse_checklist_free(doctor->list);
		err = jh_error_no_memory(error);
	} else {
		*ret_list = doctor->list;
	}
	free(doctor);
	return err;
}
