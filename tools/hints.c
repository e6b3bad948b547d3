/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What to do about a refusal. Reasons are known by their stable names; a test compares the lists. */
#include <string.h>

#include "cli.h"

static const struct {
	const char *reason;
	const char *hint;
} reason_hints[] = {
	/* configurations */
	{"CONFIG_TRUNCATED", "the file is cut off or the counts in it are wrong; build it again"},
	{"CONFIG_SIGNATURE", "\"enable\" takes a system configuration, \"cell create\" one of a "
			     "cell; both are binary .cell files, not their sources"},
	{"CONFIG_REVISION", "rebuild the file from its source with the headers of this release"},
	{"CONFIG_ARCHITECTURE", "this configuration is for another machine (0 is x86, 1 is ARM, 2 "
				"is ARM64)"},
	{"CONFIG_TOO_LARGE", "join neighbouring regions in the configuration"},
	{"CONFIG_NAME_EMPTY", "set .name in the configuration"},
	{"CONFIG_COUNTS", "set the count with ARRAY_SIZE() of the array behind it"},
	{"CPU_SET_EMPTY", "set .cpus in the configuration to the CPUs of the cell"},
	{"CPU_NOT_IN_ROOT", "the CPU belongs to another cell (see \"cell list\") or is not in the "
			    "system configuration; choose another one"},
	{"CPU_NOT_IN_SYSTEM", "add the CPU to the root cell in the system configuration"},
	{"CPU_IS_CALLER", "try again; if this comes back, run the command on another CPU with "
			  "\"taskset\""},
	{"CPU_IS_BOOT", "remove CPU 0 from .cpus in the configuration"},
	{"CELL_NAME_USED", "destroy that cell first (\"cell destroy\"), or give this one another "
			   "name"},
	{"CELL_UNKNOWN", "\"cell list\" shows the cells that exist"},
	{"CELL_IS_ROOT", "name another cell; the root cell is Linux itself and is left by "
			 "\"disable\""},
	{"CELL_LOCKED", "the cell must leave this state by itself; shut it down if you may"},
	{"CELL_DENIED", "the software in the cell decides; try again when it is ready to stop"},
	{"CELL_BUSY", "wait for the other request to end, then try again"},
	{"CELLS_EXIST", "destroy the other cells first"},
	{"NO_MEMORY", "enlarge .hypervisor_memory in the system configuration, or align large "
		      "regions to 2 MiB so that they need fewer page tables"},
	{"MEM_HYPERVISOR", "move the region; this memory belongs to the hypervisor"},
	{"MEM_INTERCEPTED", "cut the range of the device out of the region"},
	{"MEM_OTHER_CELL", "move the region, or set JAILHOUSE_MEM_ROOTSHARED in both cells to "
			   "share it"},
	{"MEM_NOT_IN_ROOT", "add the range to the regions of the root cell in the system "
			    "configuration"},
	{"MEM_OVERFLOW", "correct .phys_start, .virt_start and .size of the region"},
	{"MEM_UNALIGNED", "give .phys_start and .virt_start the same offset in a 4 KiB page"},
	{"MEM_ROOT_NOT_IDENTITY", "set .virt_start to .phys_start in the root cell"},
	{"MEM_SUBPAGE_CROSSES", "split the region at the page boundary"},
	{"MEM_SYSTEM_RAM", "reserve it on the kernel's command line (memmap=SIZE$START) and boot "
			   "again, or use memory that is reserved already"},
	{"MEM_SHARED_MISMATCH", "set JAILHOUSE_MEM_ROOTSHARED in both cells"},
	{"MEM_COMM_REGION", "a communication region has .size = 0x1000"},
	{"HYPERVISOR_MEMORY", "align .hypervisor_memory to 4 KiB"},
	{"HYPERVISOR_MEMORY_SMALL", "enlarge .hypervisor_memory and the memory that is reserved "
				    "for it"},
	{"IRQCHIP_PIN_BASE", "on x86 .pin_base is 0, on ARM a multiple of 32 and at least 32"},
	{"IRQCHIP_UNKNOWN", "add the interrupt controller to the system configuration, or correct "
			    "its .address"},
	{"IRQ_RANGE", "correct .pin_base and .pin_bitmap; on ARM interrupt ids begin at 32 with "
		      "SPI 0, as in the device tree"},
	{"IRQ_OTHER_CELL", "an interrupt belongs to one cell only; remove it from one of them"},
	{"IRQ_RESERVED", "remove it from .pin_bitmap, or give the hypervisor another one "
			 "(.maintenance_irq of the system configuration)"},
	{"PIO_FORBIDDEN", "remove these ports from the configuration"},
	{"PIO_OTHER_CELL", "a port belongs to one cell only; remove it from one of them"},
	{"PCI_CAPS_RANGE", "correct .caps_start, .num_caps and .num_pci_caps"},
	{"PCI_DUPLICATE", "remove one of the two entries"},
	{"PCI_OTHER_CELL", "a device belongs to one cell only; destroy that cell first"},
	{"IVSHMEM_REGIONS", "correct .shmem_regions_start and .shmem_peers"},
	{"IVSHMEM_USED", "give each end of the link its own .shmem_dev_id"},
	{"IOMMU_TYPE", "remove the unit from .iommu_units; devices are then not isolated"},
	/* machine */
	{"NO_HVM", "switch on virtualization (VT-x, AMD-V) in the firmware, or in the virtual "
		   "machine's CPU model"},
	{"HVM_DISABLED", "switch on virtualization in the firmware's setup and boot again"},
	{"HVM_IN_USE", "stop all virtual machines and unload their module: modprobe -r kvm_amd "
		       "kvm_intel kvm"},
	{"HVM_FEATURE", "this CPU is too old, or the virtual machine hides the feature"},
	{"MEMORY_ENCRYPTION", "boot with mem_encrypt=off"},
	{"CPU_COUNT", "bring all CPUs of the configuration online, and no others: see "
		      "/sys/devices/system/cpu/online and maxcpus="},
	{"CPU_MISSING", "bring the CPU online, or remove it from the root cell's .cpus"},
	{"CPU_UNEXPECTED", "add the CPU to the root cell's .cpus, or take it offline"},
	{"PHYS_BITS", "remove this CPU from the root cell's .cpus and take it offline"},
	{"GIC_VERSION", "correct .gic_version and .gicd_base in the system configuration: see "
			"interrupt-controller in /proc/device-tree"},
	{"GIC_ADDRESS", "copy the addresses of the GIC from the device tree to "
			".platform_info.arm of the system configuration"},
	{"GIC_NO_FRAME", "correct .gicr_base (GICv3) or .gicd_base in the system configuration, or "
			 "remove the CPU"},
	{"GIC_KICK", "set .maintenance_irq to the one of the GIC in the device tree (16 to 31), or "
		     "another PPI that no device uses"},
	{"GIC_NO_KICK", "leave one interrupt of the GIC out of all .pin_bitmap"},
	{"GIC_STATE", "firmware has to leave the registers of the GIC to EL2 (GICv3: with affinity "
		      "routing); update it"},
	{"NO_EL2", "start Linux at EL2 (Hyp mode): firmware or the boot loader decides; in QEMU it is "
		   "-machine virt,virtualization=on"},
	{"EL2_STUB", "boot with kvm-arm.mode=none"},
	{"APIC_MODE", "set .apic_mode to AUTO in the system configuration, or boot with (or "
		      "without) nox2apic"},
	{"IOMMU_ACTIVE", "boot Linux with intremap=off intel_iommu=off amd_iommu=off"},
	{"ENTRY_TIMEOUT", "a CPU did not react; see the kernel log, then try again"},
	/* driver */
	{"CPU_OFFLINE", "bring it online: echo 1 > /sys/devices/system/cpu/cpuN/online"},
	{"CPU_HOTPLUG", "the kernel log says what keeps the CPU busy"},
	{"CPU_NATIVE", "take the CPU offline and online again"},
	{"IMAGE_MISSING", "install the hypervisor image to /lib/firmware, or name its directory in "
			  "/sys/module/firmware_class/parameters/path"},
	{"IMAGE_SIGNATURE", "replace the image in /lib/firmware by the one of this release"},
	{"IMAGE_ABI", "install driver and hypervisor image of the same release"},
	{"IMAGE_SIZE", "the image file is damaged; install it again"},
	{"MEMORY_NOT_RESERVED", "add this to the kernel's command line and boot again (in GRUB "
				"files $ is written as \\$)"},
	{"ALREADY_ENABLED", "\"disable\" ends it"},
	{"NOT_ENABLED", "start the hypervisor with \"enable SYSCONFIG\" first"},
	{"LOAD_RANGE", "correct the address (-a) so that the whole image lies in one region with "
		       "JAILHOUSE_MEM_LOADABLE and JAILHOUSE_MEM_WRITE"},
	{"NOT_LOADED", "load the cell again, then start it"},
	{"CONSOLE_NOT_PERMITTED", "set JAILHOUSE_SYS_VIRTUAL_DEBUG_CONSOLE in .flags of the system "
				  "configuration and enable again"},
	{"PCI_IN_USE", "stop what uses the device, or unbind its driver by hand"},
	{"BAD_ARGUMENT", "the driver is older than this program; update it"},
};

static const struct {
	int code;
	const char *hint;
} code_hints[] = {
	{JAILHOUSE_ERR_URI, "leave --backend away for the driver of this machine"},
	{JAILHOUSE_ERR_NO_BACKEND, "leave --backend away for the driver of this machine"},
	{JAILHOUSE_ERR_NO_DEVICE, "load the driver: modprobe jailhouse"},
	{JAILHOUSE_ERR_PERMISSION, "become root or a member of the group \"jailhouse\""},
	{JAILHOUSE_ERR_NOT_SUPPORTED, "load the driver that belongs to this program"},
	{JAILHOUSE_ERR_NOT_ENABLED, "start the hypervisor with \"enable SYSCONFIG\" first"},
	{JAILHOUSE_ERR_ENABLED, "\"disable\" ends it"},
	{JAILHOUSE_ERR_NOT_FOUND, "\"cell list\" shows the cells that exist"},
	{JAILHOUSE_ERR_DENIED, "the software in the cell decides; try again when it is ready"},
	{JAILHOUSE_ERR_INTERRUPTED, "nothing was changed; run the command again"},
};

const char *cli_hint(const struct jailhouse_error *error)
{
	const char *reason = jailhouse_reason_get_name(error->reason);
	size_t n;

	if (reason)
		for (n = 0; n < CLI_ARRAY_SIZE(reason_hints); n++)
			if (strcmp(reason_hints[n].reason, reason) == 0)
				return reason_hints[n].hint;
	for (n = 0; n < CLI_ARRAY_SIZE(code_hints); n++)
		if (code_hints[n].code == error->code)
			return code_hints[n].hint;
	return NULL;
}

const char *cli_hint_reason(size_t index)
{
	return index < CLI_ARRAY_SIZE(reason_hints) ? reason_hints[index].reason : NULL;
}
