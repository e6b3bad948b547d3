/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Device tree source in the tests of its reader. */
#ifndef TESTS_TREE_SETUP_H
#define TESTS_TREE_SETUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jailhouse/check.h>
#include <jailhouse/config.h>

/* Runs dtc. Free the blob with free(). */
void *compile(const char *source, size_t *ret_size);

struct text {
	struct jailhouse_tree *tree; /* NULL: there are mistakes */
	struct jailhouse_report *report;
	size_t count;
	struct jailhouse_config config[12];
};

/* Where read_text() looks for the machine's sysfs; NULL, as at the start: nowhere. */
extern const char *read_root;

/* Reads a source; `machine` (source as well) and `iomem` may be NULL. */
struct text read_text(const char *source, const char *machine, const char *iomem);
/* The same, of a sound one: no mistakes, and nothing that the checker finds. */
struct text read_sound(const char *source, const char *machine, const char *iomem);
void free_text(struct text *text);

/* All findings, "PATH: TEXT" and a newline each. */
const char *findings(const struct jailhouse_report *report, char *buffer, size_t size);

/* An x86 machine with 256 MiB, 16 of them a pool from 0xe000000 on; and an ARM one with a virtual
 * PCI host. */
#define REGION(name, start, length, flags) \
	name " { phys-start = <" start ">; size = <" length ">; identity; flags = " flags "; };"
#define RWX   "\"read\", \"write\", \"execute\""
#define RW_IO "\"read\", \"write\", \"io\""
#define HEAD  "/dts-v1/; / { "
#define X86_SYSTEM(hypervisor, regions, nodes)                                               \
	"architecture = \"x86\"; system { cell-name = \"root\"; cpus = <0 1 2 3>; "          \
	"hypervisor-memory { " hypervisor " size = <0x400000>; }; memory-regions { " regions \
	" }; " nodes " }; "
#define X86_RAM REGION("low", "0", "0xe000000", RWX)
#define X86_POOL                                                                          \
	"reserved { phys-start = <0xe000000>; size = <0x1000000>; identity; flags = " RWX \
	"; pool; };"
#define FIXED "phys-start = <0xf000000>;"
#define ARM_SYSTEM(properties, nodes)                                                              \
	"architecture = \"arm64\"; system { cell-name = \"root\"; cpus = <0 1 2 3>; gic-version "  \
	"= <3>; "                                                                                  \
	"maintenance-irq = <25>; gicd-base = <0x8000000>; gicr-base = <0x80a0000>; "               \
	"pci-mmconfig-base = <0xc000000>; pci-is-virtual = <1>; pci-domain = <1>; " properties     \
	"hypervisor-memory { phys-start = <0x7fc00000>; size = <0x400000>; }; memory-regions "     \
	"{ " REGION("uart", "0x9000000", "0x1000", RW_IO)                                          \
		REGION("ram", "0x40000000", "0x30000000",                                          \
		       RWX) "reserved { phys-start = <0x70000000>; size = <0xfc00000>; identity; " \
			    "flags = " RWX "; pool; }; };"                                         \
			    "irqchips { gic { address = <0x8000000>; pin-base = <32>; pin-bitmap " \
			    "= <0xffffffff 0xffffffff 0xffffffff 0xffffffff>; }; }; " nodes " }; "
/* A cell of CPU n with RAM at any place. */
#define CELL(name, cpu, rest)                                                              \
	name " { cpus = <" cpu ">; memory-regions { ram { size = <0x100000>; flags = " RWX \
	     ", \"loadable\"; }; }; " rest "};"

#endif /* !TESTS_TREE_SETUP_H */
