/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * A machine as its files describe it. All of them are hostile: each parser takes the bytes of one
 * file with its name, and refuses what is malformed with the name and the place.
 */
#ifndef LIB_CONFIG_GENERATE_MACHINE_H
#define LIB_CONFIG_GENERATE_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jailhouse/cell-config.h>
#include <jailhouse/generate.h>

#include "internal.h"

#define JH_PAGE       0x1000ull
#define JH_MIB        0x100000ull
#define JH_UART_PORTS 8u
#define JH_RAM        (JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE | JAILHOUSE_MEM_EXECUTE)
#define JH_MMIO       (JAILHOUSE_MEM_READ | JAILHOUSE_MEM_WRITE | JAILHOUSE_MEM_IO)

/* ---- arrays that grow ---- */

/* Room for one more element. Returns false without memory. */
bool jh_grow(void *array, size_t *room, size_t count, size_t element);

/* Addresses with flags, or ports. */
/* More than any machine has, few enough for work that grows with the square of it. */
#define JH_MAX_REGIONS 8192

struct jh_region {
	uint64_t start;
	uint64_t last;
	uint64_t flags;
};

struct jh_regions {
	struct jh_region *region;
	size_t count;
	size_t room;
	bool no_memory; /* something is lost */
};

/* ---- regions.c ---- */

void jh_regions_add(struct jh_regions *regions, uint64_t start, uint64_t last, uint64_t flags);
/*
 * Adds what of a range, which must not be empty, none of them has. They must be sorted and without
 * overlap, and stay so: a list that is only filled is.
 */
void jh_regions_fill(struct jh_regions *regions, uint64_t start, uint64_t last, uint64_t flags);
/* Takes a range out of all regions. */
void jh_regions_cut(struct jh_regions *regions, uint64_t start, uint64_t last);
/* Sorts them and makes one of neighbours and overlaps with the same flags. */
void jh_regions_merge(struct jh_regions *regions);
/* Is every address of the range in one of them? They must be merged. */
bool jh_regions_cover(const struct jh_regions *regions, uint64_t start, uint64_t last);
bool jh_regions_touch(const struct jh_regions *regions, uint64_t start, uint64_t last);
void jh_regions_free(struct jh_regions *regions);

/* ---- files.c ---- */

struct jh_blob {
	uint8_t *data; /* a NUL follows */
	size_t size;
};

/*
 * Reads root/name. Returns 0, or an error with the name in it. A file that is not there gives
 * JAILHOUSE_ERR_NOT_FOUND without a sentence if `optional`.
 */
int jh_file_read(const char *root, const char *name, bool optional, struct jh_blob *ret_blob,
		 struct jailhouse_error *error);
void jh_blob_free(struct jh_blob *blob);
/* Unpacks what gzip has packed, at most that many bytes; a zero follows. False: it is damaged, or too large. */
bool jh_gunzip(const void *data, size_t size, size_t most, struct jh_blob *ret_blob);
/* A file's first line, or empty. */
void jh_file_line(const char *root, const char *name, char *line, size_t size);
/* A number in the form of sysfs, decimal or with 0x. */
bool jh_file_number(const char *root, const char *name, uint64_t *ret_number);
bool jh_file_exists(const char *root, const char *name);

/* Names in a directory, sorted; free each and the array. */
struct jh_file_names {
	char **name;
	size_t count;
	size_t room;
};
int jh_directory_read(const char *root, const char *name, struct jh_file_names *ret_names,
		      struct jailhouse_error *error);
/* Is it a directory, and no link to one? */
bool jh_directory_is(const char *root, const char *name);
void jh_file_names_free(struct jh_file_names *names);

/* A table of the firmware or another binary file, for reading at checked offsets. */
struct jh_bytes {
	const uint8_t *data;
	size_t size;
	const char *name;
};
bool jh_has(const struct jh_bytes *bytes, size_t offset, size_t size);
/* Little-endian; the bytes must be there. */
uint16_t jh_le16(const struct jh_bytes *bytes, size_t offset);
uint32_t jh_le32(const struct jh_bytes *bytes, size_t offset);
uint64_t jh_le64(const struct jh_bytes *bytes, size_t offset);
/* "NAME: offset N: ..." */
int jh_malformed(const struct jh_bytes *bytes, size_t offset, struct jailhouse_error *error,
		 const char *format, ...) JH_PRINTF(4, 5);

/* ---- resources.c: /proc/iomem and /proc/ioports ---- */

#define JH_RESOURCE_NAME 64
#define JH_NO_PARENT     0xffffffffu

struct jh_resource {
	uint64_t start;
	uint64_t last;
	uint32_t depth;
	uint32_t parent; /* index of the one that contains it, JH_NO_PARENT at the top */
	bool leaf;
	char name[JH_RESOURCE_NAME]; /* printable */
};

struct jh_resources {
	struct jh_resource *resource;
	size_t count;
	size_t room;
};

int jh_resources_parse(const char *text, size_t size, const char *name,
		       struct jh_resources *ret_resources, struct jailhouse_error *error);
void jh_resources_free(struct jh_resources *resources);

/* A CPU list of the kernel, "0-2,5", into a set of `max` bits. */
int jh_cpu_list_parse(const char *text, const char *name, uint64_t *set, uint32_t max,
		      struct jailhouse_error *error);

/* ---- PCI ---- */

#define JH_PCI_MSIX_MAX 2048

struct jh_pci {
	uint16_t domain;
	uint16_t bdf;
	uint8_t *config; /* 64, 256 or 4096 bytes */
	size_t size;
	uint64_t
		start[7]; /* of the resources: base addresses and ROM; with `last`, 0 and 0: none */
	uint64_t last[7];
	uint64_t flags[7];
	uint8_t iommu; /* index of its unit */
	bool has_iommu;
	char name[16];
};

struct jh_pci_list {
	struct jh_pci *device;
	size_t count;
	size_t room;
};

/* ---- pci.c, pci-caps.c ---- */

int jh_pci_read(const char *root, struct jh_pci_list *ret_list, struct jailhouse_machine *machine,
		struct jailhouse_error *error);
/* Six or seven lines of three numbers. */
int jh_pci_parse_resource(const char *text, const char *name, struct jh_pci *device,
			  struct jailhouse_error *error);
void jh_pci_free(struct jh_pci_list *list);
const struct jh_pci *jh_pci_find(const struct jh_pci_list *list, uint32_t domain, uint32_t bdf);
bool jh_pci_is_bridge(const struct jh_pci *device);
uint32_t jh_pci_class(const struct jh_pci *device); /* base, sub, programming interface */
/* Offset of a standard capability, 0: has none. Loops end. */
uint32_t jh_pci_find_cap(const struct jh_pci *device, uint8_t id);
/* Messages of MSI, 0: has none. */
uint32_t jh_pci_msi_vectors(const struct jh_pci *device);
/* Pages of the table of MSI-X; false: it has none. */
bool jh_pci_msix(const struct jh_pci *device, uint64_t *ret_address, uint32_t *ret_size,
		 uint32_t *ret_vectors);
/* Adds devices and capabilities. */
int jh_pci_emit(const struct jailhouse_machine *machine, struct jailhouse_builder *builder,
		struct jailhouse_error *error);

/* ---- ACPI ---- */

#define JH_MAX_IOAPICS 16
#define JH_MAX_UNITS   JAILHOUSE_CONFIG_NUM_IOMMUS

struct jh_ioapic {
	uint64_t address;
	uint32_t gsi;
	uint8_t id;
	uint16_t bdf;
	uint8_t iommu;
	bool has_bdf;
};

struct jh_acpi {
	struct jh_ioapic ioapic[JH_MAX_IOAPICS];
	uint32_t num_ioapics;
	uint64_t mmconfig;
	uint8_t last_bus;
	bool is_arm;                     /* there are GICs */
	struct jh_regions other_windows; /* of PCI configuration, beside that */
	uint16_t pm_timer;
	uint16_t reset_port, smi_port; /* 0: none */
	uint64_t facs, dsdt;
	struct jh_regions pm_ports;
	struct jailhouse_config_iommu unit[JH_MAX_UNITS];
	uint32_t num_units;
	uint32_t all_unit;              /* the one that has all other functions, or JH_MAX_UNITS */
	struct jh_regions firmware_ram; /* RMRRs and IVMDs */
};

/* Frees what the functions below have put into it. */
void jh_acpi_free(struct jh_acpi *acpi);
int jh_acpi_madt(const struct jh_bytes *table, struct jh_acpi *acpi, struct jailhouse_error *error);
int jh_acpi_mcfg(const struct jh_bytes *table, struct jh_acpi *acpi, struct jailhouse_error *error);
int jh_acpi_fadt(const struct jh_bytes *table, struct jh_acpi *acpi, struct jailhouse_error *error);
int jh_acpi_dmar(const struct jh_bytes *table, struct jh_acpi *acpi, struct jh_pci_list *pci,
		 struct jailhouse_error *error);
int jh_acpi_ivrs(const struct jh_bytes *table, struct jh_acpi *acpi, struct jh_pci_list *pci,
		 struct jailhouse_error *error);

/* ---- acpi.c: what tables have in common ---- */

/* Entries with a type and a length, one behind the other */
struct jh_acpi_form {
	const char *signature;
	size_t start;
	uint8_t length_at; /* 1: a byte; 2: two */
	uint8_t least;
	const char *what; /* "an entry" */
};

typedef int (*jh_acpi_entry_func)(const struct jh_bytes *table, size_t at, size_t length,
				  struct jh_acpi *acpi, struct jh_pci_list *pci,
				  struct jailhouse_error *error);

int jh_acpi_walk(const struct jh_bytes *table, const struct jh_acpi_form *form,
		 jh_acpi_entry_func take, struct jh_acpi *acpi, struct jh_pci_list *pci,
		 struct jailhouse_error *error);

/* Where an IOMMU's entry has what */
struct jh_acpi_unit {
	size_t at, segment_at, base_at;
	uint32_t alignment;
};

/* The next unit with its address. It counts once num_units does. */
int jh_acpi_new_unit(const struct jh_bytes *table, const struct jh_acpi_unit *place,
		     struct jh_acpi *acpi, struct jailhouse_config_iommu **ret_unit,
		     struct jailhouse_error *error);
/* Memory that devices reach for the firmware */
int jh_acpi_add_ram(struct jh_acpi *acpi, uint64_t start, uint64_t last,
		    struct jailhouse_error *error);
/* Signature and length. */
int jh_acpi_header(const struct jh_bytes *table, const char *signature, size_t least,
		   struct jailhouse_error *error);

/* ---- consoles ---- */

struct jh_uart {
	char name[96];  /* "ttyS0", or a path of the device tree */
	char alias[32]; /* in the device tree, or empty */
	char tty[32];   /* Linux' name for it, if that is another one and known */
	struct jailhouse_config_console console;
	bool mmio;
	uint32_t irq; /* of the GIC, 0: unknown */
	bool linux_console;
};

struct jh_uarts {
	struct jh_uart *uart;
	size_t count;
	size_t room;
};

int jh_uarts_read_ttys(struct jailhouse_machine *machine, struct jailhouse_error *error);
/* Which of them does Linux print to, with a device tree? */
int jh_uarts_match_ttys(struct jailhouse_machine *machine, struct jailhouse_error *error);
/* By any of its names. NULL with an error if there is none. */
const struct jh_uart *jh_uart_find(const struct jailhouse_machine *machine, const char *name,
				   struct jailhouse_error *error);

/* ---- the machine ---- */

#define JH_CPU_WORDS (JH_MAX_CPUS / 64)

struct jh_gic {
	uint8_t version;
	uint64_t gicd, gicc, gich, gicv, gicr;
	uint64_t gicr_size;
	uint32_t maintenance;
	uint32_t num_lines; /* ids below this exist */
};

struct jailhouse_machine {
	uint32_t architecture;
	char *root;
	char *command_line;
	char name[256];
	uint64_t *cpus; /* JH_CPU_WORDS */
	uint32_t num_cpus;
	struct jh_resources iomem;
	struct jh_resources ioports;
	struct jh_pci_list pci;
	struct jh_acpi acpi;
	struct jh_uarts uarts;
	struct jh_regions ram;      /* all that Linux uses */
	struct jh_regions reserved; /* RAM that is kept from it for us */
	struct jh_regions devices;  /* what the root cell gets beside RAM */
	struct jh_regions forbidden;
	/* with a device tree */
	struct jh_gic gic;
	uint64_t ecam;
	uint64_t ecam_size;
	uint16_t pci_domain;
	bool has_device_tree;
	char *stdout_path;
	char **note;
	size_t num_notes, notes_room;
};

/* ---- machine.c ---- */

void jh_note(struct jailhouse_machine *machine, const char *format, ...) JH_PRINTF(2, 3);
int jh_machine_read_x86(struct jailhouse_machine *machine, struct jailhouse_error *error);
/* `live`: there are the files of its Linux, too. */
int jh_machine_read_tree(struct jailhouse_machine *machine, const void *dtb, size_t size, bool live,
			 struct jailhouse_error *error);
/* The device tree of a running Linux. NOT_FOUND without a sentence: it has none. */
int jh_device_tree_read(const char *root, struct jh_blob *ret_blob, struct jailhouse_error *error);
/* The same from where the kernel shows it as files. */
int jh_live_tree_read(const char *root, const char *name, struct jh_blob *ret_blob,
		      struct jailhouse_error *error);
/* Online CPUs, from sysfs. False: the file is not there. */
int jh_machine_read_cpus(struct jailhouse_machine *machine, bool *ret_found,
			 struct jailhouse_error *error);
int jh_machine_read_iomem(struct jailhouse_machine *machine, bool optional,
			  struct jailhouse_error *error);

/* ---- reserved.c ---- */

/* "4K", "0x1000", "82M" up to one of the characters in `end`. */
bool jh_size_parse(const char **text, uint64_t *ret_size);
/* memmap=SIZE$START of the kernel's arguments. */
void jh_reserved_from_memmap(struct jailhouse_machine *machine);
/* mem=SIZE, with all RAM that there is. */
void jh_reserved_from_mem(struct jailhouse_machine *machine, const struct jh_regions *all_ram);
/* The place of hypervisor and cells. */
int jh_reserved_split(const struct jailhouse_machine *machine, uint64_t hypervisor, uint64_t cells,
		      struct jh_region *ret_hypervisor, struct jh_regions *ret_cells,
		      struct jailhouse_error *error);

/* ---- x86-regions.c, x86-ports.c ---- */

int jh_x86_collect_regions(struct jailhouse_machine *machine, struct jailhouse_error *error);
/* `uart`: ports of the hypervisor's, which Linux does not get; 0: none. */
int jh_x86_emit_ports(struct jailhouse_machine *machine, uint64_t uart,
		      struct jailhouse_builder *builder, struct jailhouse_error *error);

#endif /* !LIB_CONFIG_GENERATE_MACHINE_H */
