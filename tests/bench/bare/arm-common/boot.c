/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Gives an inmate on bare metal (QEMU's virt with EL2 or Hyp mode) what the hypervisor would give it in a cell: RAM
 * at address 0, a communication region, the devices at their place, the CPU in its reset state, PSCI for the
 * other CPUs. The same binaries run here and in a cell; measured on both sides, the difference is the
 * hypervisor.
 *
 * Input comes by fw_cfg files below opt/libjailhouse: cmdline; shutdown-after, the number of WFIs after
 * which a shutdown request is sent (again and again); virtual-console, which is 1 to have no UART but the
 * hypercall; context-in-x1, which is 1 for the PSCI of an older hypervisor (ARM64); direct-idle, which is 1 to let
 * WFI be, so that nothing comes between inmate and machine. What this program says itself begins with "bare: ".
 */
#include "boot.h"

#define RAM_PHYS    0x70000000UL
#define CMDLINE	    0x1000
#define CMDLINE_MAX 256

/* As in the inmate library */
#define COMM_REGION_BASE 0x80000000UL

/* Stage 2 in the long-descriptor format (ARM DDI 0487, D8.3; DDI 0406C, B3.6), from level 1 on */
#define ENTRIES	      512
#define PAGE_SIZE     4096
#define BLOCK_SIZE    0x200000UL
#define L1_SHIFT      30
#define L2_SHIFT      21
#define DESC_TABLE    3UL
#define DESC_PAGE     3UL
#define DESC_BLOCK    1UL
#define DESC_NORMAL   (0x7ccUL | 3 << 2 | 0x30)	/* write-back, inner shareable, read, write, accessed */
#define DESC_DEVICE   (0x4c0UL | 1 << 2)	/* nGnRE, read, write, accessed */

#define PSCI_CPU_ON32 0x84000003
#define PSCI_CPU_ON64 0xc4000003

#define ENOSYS 38

static __u64 l1[ENTRIES] __attribute__((aligned(4096)));
static __u64 l2_low[ENTRIES] __attribute__((aligned(4096)));
static __u64 l2_comm[ENTRIES] __attribute__((aligned(4096)));
static __u64 l3_comm[ENTRIES] __attribute__((aligned(4096)));
static __u8 comm_page[PAGE_SIZE] __attribute__((aligned(4096)));
static struct cpu_start cpu_starts[MAX_CPUS];
static __u32 shutdown_after;
static _Bool context_in_x1, direct_idle;

static struct jailhouse_comm_region *comm(void)
{
	return (struct jailhouse_comm_region *)comm_page;
}

static void map_cell(void)
{
	unsigned long address;

	l2_low[INMATE_BASE >> L2_SHIFT] = RAM_PHYS | DESC_NORMAL | DESC_BLOCK;
	for (address = DEVICES; address < DEVICES_END; address += BLOCK_SIZE)
		l2_low[address >> L2_SHIFT] = address | DESC_DEVICE | DESC_BLOCK;
	l3_comm[0] = (unsigned long)comm_page | DESC_NORMAL | DESC_PAGE;
	l2_comm[0] = (unsigned long)l3_comm | DESC_TABLE;
	l1[0] = (unsigned long)l2_low | DESC_TABLE;
	l1[COMM_REGION_BASE >> L1_SHIFT] = (unsigned long)l2_comm | DESC_TABLE;
}

static void fill_comm_region(void)
{
	const char *magic = COMM_REGION_MAGIC;
	unsigned int n;

	for (n = 0; n < sizeof(comm()->signature); n++)
		comm()->signature[n] = magic[n];
	comm()->revision = COMM_REGION_ABI_REVISION;
	comm()->console.address = UART_BASE;
	comm()->console.type = JAILHOUSE_CON_TYPE_PL011;
	comm()->console.flags = JAILHOUSE_CON_ACCESS_MMIO | JAILHOUSE_CON_REGDIST_4;
	if (fw_cfg_number("opt/libjailhouse/virtual-console")) {
		comm()->console.type = JAILHOUSE_CON_TYPE_NONE;
		comm()->flags = JAILHOUSE_COMM_FLAG_DBG_PUTC_PERMITTED | JAILHOUSE_COMM_FLAG_DBG_PUTC_ACTIVE;
	}
	comm()->gic_version = gic_version();
	comm()->gicd_base = GICD_BASE;
	if (gic_version() < 3)
		comm()->gicc_base = GICC_BASE;
	else
		comm()->gicr_base = GICR_BASE;
}

/* Once, before the inmate runs. */
void boot_main(void)
{
	char *cmdline = (char *)RAM_PHYS + CMDLINE;
	__u32 length = fw_cfg_read("opt/libjailhouse/cmdline", cmdline, CMDLINE_MAX - 1);

	if (length)
		cmdline[length] = 0;
	shutdown_after = fw_cfg_number("opt/libjailhouse/shutdown-after");
	context_in_x1 = fw_cfg_number("opt/libjailhouse/context-in-x1");
	direct_idle = fw_cfg_number("opt/libjailhouse/direct-idle");
	map_cell();
	fill_comm_region();
	gic_init_distributor();
}

/* The state of a CPU that enters the cell. Returns whether the context for it goes to x1, not x0. */
_Bool boot_cpu(void)
{
	gic_init_cpu();
	arch_init_cpu(l1, direct_idle);
	return context_in_x1;
}

/* Other CPUs come to this program first. */
static long start_cpu(unsigned long cpu, unsigned long entry, unsigned long context)
{
	struct cpu_start *start = &cpu_starts[cpu & (MAX_CPUS - 1)];

	start->entry = entry;
	start->context = context;
	return firmware_call(PSCI_CPU_ON, cpu, (unsigned long)boot_secondary, (unsigned long)start);
}

static void call_psci(unsigned long *x)
{
	if (x[0] == PSCI_CPU_ON32 || x[0] == PSCI_CPU_ON64)
		x[0] = start_cpu(x[1], x[2], x[3]);
	else
		x[0] = firmware_call(x[0], x[1], x[2], x[3]);
}

static void call_hypervisor(unsigned long *x)
{
	if (x[0] == JAILHOUSE_HC_DEBUG_CONSOLE_PUTC) {
		put_char(x[1]);
		x[0] = 0;
	} else {
		x[0] = -ENOSYS;
	}
}

/* The inmate is idle: time to look at what it says, and to ask it for something. */
static void exchange_messages(void)
{
	static __u32 idle;
	static _Bool asked;

	if (comm()->cell_state == JAILHOUSE_CELL_SHUT_DOWN || comm()->cell_state >= JAILHOUSE_CELL_FAILED) {
		put_text("bare: cell state ");
		put_char('0' + comm()->cell_state);
		put_text("\n");
		power_off();
	}
	if (asked && comm()->reply_from_cell != JAILHOUSE_MSG_NONE) {
		put_text("bare: reply ");
		put_char('0' + comm()->reply_from_cell);
		put_text(comm()->cell_state == JAILHOUSE_CELL_RUNNING_LOCKED ? " of a locked cell\n" : "\n");
		asked = 0;
	}
	if (shutdown_after && !asked && ++idle >= shutdown_after) {
		idle = 0;
		asked = 1;
		jailhouse_send_msg_to_cell(comm(), JAILHOUSE_MSG_SHUTDOWN_REQUEST);
	}
}

void boot_unexpected(unsigned long *x)
{
	(void)x;
	put_text("bare: unexpected exception");
	arch_put_trap();
	put_text("\n");
	power_off();
}

void boot_trap(unsigned long *x)
{
	unsigned int code = 0;

	switch (arch_trap(&code)) {
	case TRAP_WAIT:
		if (arch_cpu_index() == 0)
			exchange_messages();
		arch_wait_for_interrupt();
		arch_skip_instruction();
		break;
	case TRAP_SMC:
		call_psci(x);
		arch_skip_instruction();
		break;
	case TRAP_HVC:
		if (code == JAILHOUSE_HVC_CODE) {
			call_hypervisor(x);
			break;
		}
		if (code == 0) {
			call_psci(x);
			break;
		}
		/* fall through */
	default:
		boot_unexpected(x);
	}
}
