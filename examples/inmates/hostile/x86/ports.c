/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Attacks by page tables and on foreign ports. */
#include "hostile.h"

#define LINUX_UART 0x2f8

#define PM_TIMER (comm_region->pm_timer_address)
/* ICH9: PM1_CNT relative to the PM timer; sleep enable with the type of S5 on QEMU's q35 */
#define PM1_CNT    (PM_TIMER - 4)
#define PM1_SLP_S5 0x2000

#define PCI_REG_ADDR      0xcf8
#define RESET_CONTROL     0xcf9
#define RESET_FULL        0x06
#define I8042_COMMAND     0x64
#define I8042_PULSE_RESET 0xfe
#define SYSTEM_CONTROL_A  0x92
#define SYSTEM_RESET      0x01
#define SMI_COMMAND       0xb2
#define POST_PORT         0x80

/* The next instruction fetch walks foreign memory. */
void cr3_foreign(void)
{
	write_cr3(cmdline_parse_int("addr", ROOT_ADDRESS));
	BREACH("runs on foreign page tables");
}

void pt_mmio(void)
{
	map_table(WINDOW, comm_region->pci_mmconfig_base);
	mmio_read32((void *)WINDOW);
	BREACH("a trapped window served as page table");
}

static u16 foreign_port(void)
{
	return cmdline_parse_int("port", LINUX_UART);
}

void port_in(void)
{
	u8 value = inb(foreign_port());

	BREACH("read 0x%x", value);
}

void port_out(void)
{
	outb('!', foreign_port());
	BREACH("written");
}

void port_string(void)
{
	const char *text = "hostile";
	unsigned long count = 7;

	asm volatile("rep outsb" : "+S"(text), "+c"(count) : "d"(foreign_port()) : "memory");
	BREACH("written");
}

void port_wide(void)
{
	u32 value;

	if (PM_TIMER == 0) {
		UNEXPECTED("no PM timer");
		return;
	}
	value = inl(PM_TIMER + 2);
	BREACH("read 0x%x", value);
}

void port_cf8_byte(void)
{
	outb(0x80, PCI_REG_ADDR);
	BREACH("written");
}

void port_cf9(void)
{
	outb(RESET_FULL, RESET_CONTROL);
	BREACH("written, no reset");
}

void port_i8042(void)
{
	outb(I8042_PULSE_RESET, I8042_COMMAND);
	BREACH("written, no reset");
}

void port_92(void)
{
	outb(SYSTEM_RESET, SYSTEM_CONTROL_A);
	BREACH("written, no reset");
}

void port_smi(void)
{
	outb(0, SMI_COMMAND);
	BREACH("written");
}

void port_sleep(void)
{
	if (PM_TIMER == 0) {
		UNEXPECTED("no PM timer");
		return;
	}
	outw(PM1_SLP_S5, PM1_CNT);
	BREACH("written, still on");
}

void port_80(void)
{
	u8 value = 0x5a;

	outb(0xa5, POST_PORT);
	asm volatile("inb %1, %0" : "+a"(value) : "Nd"((u16)POST_PORT));
	SURVIVED("read 0x%x, 0x5a if ignored", value);
}
