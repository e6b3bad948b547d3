// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * MSRs of AMD processors. Sources: AMD APM vol. 2, appendix A; Processor Programming References of
 * families 17h and 19h.
 *
 * Direct for cells is what belongs to one thread and is reset when the CPU changes its owner. Denied even to the root
 * cell is what would take the machine out of the hypervisor's hands: its own save area, system management mode, memory
 * type and routing of physical addresses, cache ways of others.
 */
#include <asm/msr-rules.h>

/*			     cell read	 cell write   root read	  root write */
#define ALL		     MSR_DIRECT, MSR_DIRECT,  MSR_DIRECT, MSR_DIRECT
#define CELL_DROPS	     MSR_DIRECT, MSR_DROP,    MSR_DIRECT, MSR_DIRECT
#define READ_ONLY	     MSR_DIRECT, MSR_DENY,    MSR_DIRECT, MSR_DENY
#define HIDDEN		     MSR_DENY,	 MSR_DENY,    MSR_DENY,	  MSR_DENY
#define ROOT_ONLY	     MSR_DENY,	 MSR_DENY,    MSR_DIRECT, MSR_DIRECT
#define EMULATED	     MSR_EMULATE, MSR_EMULATE, MSR_EMULATE, MSR_EMULATE
#define STOPS		     MSR_DIRECT, MSR_STOP,    MSR_DIRECT, MSR_DENY

const struct msr_rule msr_rules[] = {
	{ 0x0000001b, 0x0000001b, MSR_DIRECT, MSR_EMULATE, MSR_DIRECT, MSR_EMULATE }, /* APICBASE */
	{ 0x00000048, 0x00000049, ALL }, /* SPEC_CTRL, PRED_CMD */
	{ 0x00000079, 0x00000079, CELL_DROPS }, /* microcode */
	{ 0x0000008b, 0x0000008b, CELL_DROPS },
	{ 0x0000010b, 0x0000010b, ALL }, /* FLUSH_CMD */
	{ 0x00000174, 0x00000176, ALL }, /* SYSENTER */
	{ 0x0000017a, 0x0000017b, CELL_DROPS }, /* machine check: status, control */
	{ 0x000001a0, 0x000001a0, CELL_DROPS }, /* MISC_ENABLE */
	{ 0x000001d9, 0x000001d9, ALL }, /* DEBUGCTL */
	{ 0x00000200, 0x00000276, STOPS }, /* MTRR ranges */
	{ 0x00000277, 0x00000277, EMULATED }, /* PAT */
	{ 0x000002ff, 0x000002ff, EMULATED }, /* MTRR default type */
	{ 0x00000400, 0x0000047f, CELL_DROPS }, /* machine check banks */
	{ 0x000006e0, 0x000006e0, ALL }, /* TSC deadline */
	{ 0x00000800, 0x000008ff, EMULATED }, /* x2APIC, by mode */
	{ 0x00000c80, 0x00000d8f, READ_ONLY }, /* cache and bandwidth allocation */
	{ 0x00000da0, 0x00000da0, ALL }, /* XSS */
	{ 0x00002000, 0xbfffffff, HIDDEN }, /* beyond the bitmap */
	{ 0xc0000080, 0xc0000080, EMULATED }, /* EFER */
	{ 0xc0000081, 0xc0000084, ALL }, /* STAR, LSTAR, CSTAR, SFMASK */
	{ 0xc0000100, 0xc0000103, ALL }, /* FS, GS, kernel GS base, TSC_AUX */
	{ 0xc0000104, 0xc0000104, READ_ONLY }, /* TSC ratio of guests */
	{ 0xc0000300, 0xc0000303, ALL }, /* performance counters: global status and control */
	{ 0xc0000400, 0xc000040f, CELL_DROPS }, /* machine check: thresholds */
	{ 0xc0002000, 0xc0002fff, ROOT_ONLY }, /* scalable machine check, beyond the bitmap */
	{ 0xc0003000, 0xc000ffff, HIDDEN },
	{ 0xc0010000, 0xc0010007, ALL }, /* performance counters */
	{ 0xc0010010, 0xc0010010, READ_ONLY }, /* SYSCFG */
	{ 0xc0010015, 0xc0010015, CELL_DROPS }, /* HWCR */
	{ 0xc0010016, 0xc001001d, READ_ONLY }, /* IORR, TOP_MEM, TOP_MEM2 */
	{ 0xc0010020, 0xc0010022, CELL_DROPS }, /* microcode, machine check redirection */
	{ 0xc0010044, 0xc001004b, CELL_DROPS }, /* machine check masks */
	{ 0xc0010050, 0xc0010058, READ_ONLY }, /* SMI by I/O, pending message, MMCONFIG base */
	{ 0xc0010073, 0xc0010073, READ_ONLY }, /* ports of C-states */
	{ 0xc0010111, 0xc0010113, READ_ONLY }, /* SMM base and ranges */
	{ 0xc0010114, 0xc0010114, MSR_DENY, MSR_DENY, MSR_DIRECT, MSR_DENY }, /* VM_CR */
	{ 0xc0010115, 0xc0010116, READ_ONLY }, /* IGNNE, SMM_CTL */
	{ 0xc0010117, 0xc001011e, HIDDEN }, /* VM_HSAVE_PA, keys, AVIC doorbell, page flush */
	{ 0xc001011f, 0xc001013f, READ_ONLY }, /* SEV, RMP */
	{ 0xc0010200, 0xc001020b, ALL }, /* performance counters */
	{ 0xc0010400, 0xc001047f, CELL_DROPS }, /* machine check masks */
	{ 0xc0011000, 0xc0011fff, CELL_DROPS }, /* configuration of core and its errata */
	{ 0xc0012000, 0xffffffff, HIDDEN },
};

const unsigned int msr_num_rules = sizeof(msr_rules) / sizeof(msr_rules[0]);
