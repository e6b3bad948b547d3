/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The parts of QEMU's virt machine that are needed: UART, fw_cfg, GIC, PSCI. */
#include "boot.h"

#define UART_DR    0x00
#define UART_FR    0x18
#define FR_TX_FULL (1 << 5)

/* QEMU docs/specs/fw_cfg.txt */
#define FW_CFG_DATA	0x09020000UL
#define FW_CFG_SELECT	0x09020008UL
#define FW_CFG_FILE_DIR 0x19
#define FW_CFG_NAME_LEN 56

#define PSCI_SYSTEM_OFF 0x84000008

/* GICv3 (ARM IHI 0069), chapter 12 */
#define GICD_CTLR	 0x0000
#define GICD_TYPER	 0x0004
#define GICD_IGROUPR	 0x0080
#define CTLR_GROUP1	 0x02
#define CTLR_ARE	 0x10
#define GICR_FRAME	 0x20000
#define GICR_WAKER	 0x0014
#define WAKER_SLEEP	 0x2
#define WAKER_CHILDREN	 0x4
#define GICR_IGROUPR0	 0x10080
#define GICR_ISENABLER0	 0x10100
#define ALL_SGIS	 0xffff
#define ICC_SRE_EL1	 S3_0_C12_C12_5
#define ICC_SRE_EL2	 S3_4_C12_C9_5
#define SRE_ALL		 0xf
#define PFR0_GIC	 24

static volatile __u32 *reg32(unsigned long address)
{
	return (volatile __u32 *)address;
}

static __u8 fw_cfg_byte(void)
{
	return *(volatile __u8 *)FW_CFG_DATA;
}

void put_char(char c)
{
	while (*reg32(UART_BASE + UART_FR) & FR_TX_FULL)
		;
	*reg32(UART_BASE + UART_DR) = (__u8)c;
}

void put_text(const char *text)
{
	while (*text)
		put_char(*text++);
}

void put_hex(__u64 value)
{
	int shift;

	put_text("0x");
	for (shift = 60; shift >= 0; shift -= 4)
		put_char("0123456789abcdef"[value >> shift & 0xf]);
}

static __u32 fw_cfg_be32(void)
{
	__u32 value = 0, n;

	for (n = 0; n < 4; n++)
		value = value << 8 | fw_cfg_byte();
	return value;
}

static void fw_cfg_select(__u32 key)
{
	*(volatile __u16 *)FW_CFG_SELECT = __builtin_bswap16(key);
}

/* Selects a file. Returns its size, or 0 if there is none. */
static __u32 fw_cfg_open(const char *name)
{
	__u32 count, size, key, found = 0, found_key = 0, n, pos;
	_Bool same;
	char c;

	fw_cfg_select(FW_CFG_FILE_DIR);
	count = fw_cfg_be32();
	for (n = 0; n < count; n++) {
		size = fw_cfg_be32();
		key = fw_cfg_be32() >> 16;
		same = 1;
		for (pos = 0; pos < FW_CFG_NAME_LEN; pos++) {
			c = fw_cfg_byte();
			/* Both end with a zero, and ours is shorter than the field. */
			if (same && c != name[pos])
				same = 0;
			if (same && c == 0) {
				found = size;
				found_key = key;
				same = 0;
			}
		}
	}
	if (found)
		fw_cfg_select(found_key);
	return found;
}

__u32 fw_cfg_read(const char *name, char *buffer, __u32 size)
{
	__u32 length = fw_cfg_open(name), n;

	if (length > size)
		length = size;
	for (n = 0; n < length; n++)
		buffer[n] = fw_cfg_byte();
	return length;
}

__u32 fw_cfg_number(const char *name)
{
	char digits[10];
	__u32 length = fw_cfg_read(name, digits, sizeof(digits)), value = 0, n;

	for (n = 0; n < length; n++)
		if (digits[n] >= '0' && digits[n] <= '9')
			value = value * 10 + (digits[n] - '0');
	return value;
}

unsigned int gic_version(void)
{
	return read_sysreg(id_aa64pfr0_el1) >> PFR0_GIC & 0xf ? 3 : 2;
}

/* What Linux would have done before; a GICv2 is ready but for what the inmate does itself. */
void gic_init_distributor(void)
{
	__u32 lines, n;

	if (gic_version() < 3)
		return;
	lines = (*reg32(GICD_BASE + GICD_TYPER) & 0x1f) + 1;
	*reg32(GICD_BASE + GICD_CTLR) = CTLR_ARE;
	for (n = 1; n < lines; n++)
		*reg32(GICD_BASE + GICD_IGROUPR + n * 4) = ~0U;
	*reg32(GICD_BASE + GICD_CTLR) = CTLR_ARE | CTLR_GROUP1;
}

/* QEMU puts the redistributors in the order of the CPUs. */
void gic_init_cpu(void)
{
	unsigned long redist = GICR_BASE + (read_sysreg(mpidr_el1) & (MAX_CPUS - 1)) * GICR_FRAME;

	if (gic_version() < 3)
		return;
	*reg32(redist + GICR_WAKER) &= ~(__u32)WAKER_SLEEP;
	while (*reg32(redist + GICR_WAKER) & WAKER_CHILDREN)
		;
	*reg32(redist + GICR_IGROUPR0) = ~0U;
	*reg32(redist + GICR_ISENABLER0) = ALL_SGIS;
	write_sysreg(ICC_SRE_EL2, SRE_ALL);
	isb();
	write_sysreg(ICC_SRE_EL1, SRE_ALL);
	isb();
}

__u64 firmware_call(__u64 function, __u64 arg0, __u64 arg1, __u64 arg2)
{
	register __u64 x0 __asm__("x0") = function;
	register __u64 x1 __asm__("x1") = arg0;
	register __u64 x2 __asm__("x2") = arg1;
	register __u64 x3 __asm__("x3") = arg2;

	__asm__ volatile("smc #0"
			 : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3)
			 :
			 : "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13", "x14", "x15", "x16",
			   "x17", "memory");
	return x0;
}

void power_off(void)
{
	firmware_call(PSCI_SYSTEM_OFF, 0, 0, 0);
}
