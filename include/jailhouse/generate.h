/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * libjailhouse: configurations out of what Linux and the firmware tell about a machine.
 *
 * Needs no driver. What is read lies below a directory: "/" on the machine itself, or a copy of its
 * files (`jailhouse config collect`), which may be of any architecture. Valid C89 and C++.
 * Conventions of results, errors and ownership: <jailhouse/jailhouse.h>.
 */
#ifndef JAILHOUSE_GENERATE_H
#define JAILHOUSE_GENERATE_H

#include <jailhouse/config.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- machines ---- */

/* What is known of a machine. Used by one thread at a time. */
struct jailhouse_machine;

/**
 * struct jailhouse_machine_options - where to read
 * @size: sizeof(struct jailhouse_machine_options), set by the caller
 * @reserved: 0
 * @root: directory with proc/ and sys/, NULL for "/"
 * @dtb: device tree blob in place of the one below @root, at a multiple of 8 bytes, or NULL. Without
 *	@root nothing else is read then: the kernel's arguments are those of /chosen, and no PCI
 *	functions are known
 * @dtb_size: bytes at @dtb
 */
struct jailhouse_machine_options {
	uint32_t size;
	uint32_t reserved;
	const char *root;
	const void *dtb;
	size_t dtb_size;
};
#define JAILHOUSE_MACHINE_OPTIONS_INIT                               \
	{                                                            \
		sizeof(struct jailhouse_machine_options), 0, 0, 0, 0 \
	}

/**
 * jailhouse_machine_read() - read what is known of a machine
 * @options: or NULL
 * @ret_machine: free with jailhouse_machine_free()
 * @error: details of a failure, or NULL
 *
 * With a device tree the machine is an ARM64 one if its CPUs are, else ARMv7; without one it is a
 * PC.
 *
 * Returns 0, or JAILHOUSE_ERR_IO (a file that is needed can't be read), _PERMISSION, _CONFIG (a
 * file or table is malformed; the sentence names it and the place in it), _NOT_SUPPORTED,
 * _NO_MEMORY.
 */
JAILHOUSE_API int jailhouse_machine_read(const struct jailhouse_machine_options *options,
					 struct jailhouse_machine **ret_machine,
					 struct jailhouse_error *error);
/* Frees a machine. */
JAILHOUSE_API void jailhouse_machine_free(struct jailhouse_machine *machine);

/* 0 x86, 1 ARM, 2 ARM64 */
JAILHOUSE_API uint32_t jailhouse_machine_get_architecture(const struct jailhouse_machine *machine);
/* Vendor and product, or the model of the device tree; empty if unknown. Owned by the machine. */
JAILHOUSE_API const char *jailhouse_machine_get_name(const struct jailhouse_machine *machine);
/* Arguments of its kernel. Owned by the machine. */
JAILHOUSE_API const char *
jailhouse_machine_get_command_line(const struct jailhouse_machine *machine);
/*
 * What one should know about the machine and what was generated for it: a sentence, owned by the
 * machine. NULL if there are not so many. Generating adds to them.
 */
JAILHOUSE_API const char *jailhouse_machine_get_note(const struct jailhouse_machine *machine,
						     size_t index);

/**
 * jailhouse_machine_propose_reservation() - how to keep memory from Linux
 * @machine: machine
 * @bytes: how much, will be rounded up to 2 MiB
 * @ret_text: a kernel argument ("memmap=82M$0x3a000000"), with a device tree a node of it. Free
 *with jailhouse_text_free()
 * @error: details of a failure, or NULL
 *
 * Returns 0, or JAILHOUSE_ERR_RESOURCES (there is no such piece of free RAM), _NO_MEMORY.
 */
JAILHOUSE_API int jailhouse_machine_propose_reservation(const struct jailhouse_machine *machine,
							uint64_t bytes, char **ret_text,
							struct jailhouse_error *error);

/*
 * Is told a file by its name below the root, without a slash in front; all of them in the order of
 * their names. Returns 0 to go on.
 */
typedef int (*jailhouse_machine_file_func)(void *user, const char *name);

/**
 * jailhouse_machine_list_files() - the files that jailhouse_machine_read() may look at
 * @root: directory, NULL for "/"
 * @file: called for each that is there
 * @user: handed to it
 * @error: details of a failure, or NULL
 *
 * Returns 0, JAILHOUSE_ERR_NO_MEMORY, or what @file has returned if that was not 0.
 */
JAILHOUSE_API int jailhouse_machine_list_files(const char *root, jailhouse_machine_file_func file,
					       void *user, struct jailhouse_error *error);

/* ---- configurations ---- */

#define JAILHOUSE_GENERATE_NO_IOMMU 0x1 /* don't describe IOMMUs; their registers are kept out */

/**
 * struct jailhouse_system_options - what a system is to be like
 * @size: sizeof(struct jailhouse_system_options), set by the caller
 * @flags: JAILHOUSE_GENERATE_...
 * @name: of the root cell, NULL: "RootCell"
 * @console: UART of the hypervisor: the name of a tty, with a device tree also a path or alias in
 *it; "none"; NULL: ttyS0, with a device tree the one of stdout-path
 * @hypervisor_memory: bytes for the hypervisor, 0: 6 MiB on x86, 4 MiB on ARM
 * @cell_memory: bytes for cells, 0: all the rest of the reserved memory
 */
struct jailhouse_system_options {
	uint32_t size;
	uint32_t flags;
	const char *name;
	const char *console;
	uint64_t hypervisor_memory;
	uint64_t cell_memory;
};
#define JAILHOUSE_SYSTEM_OPTIONS_INIT                                  \
	{                                                              \
		sizeof(struct jailhouse_system_options), 0, 0, 0, 0, 0 \
	}

/**
 * jailhouse_generate_system() - the system configuration of a machine
 * @machine: machine
 * @options: or NULL
 * @ret_builder: free with jailhouse_builder_free()
 * @error: details of a failure, or NULL
 *
 * The root cell gets what its Linux uses, and nothing of what would let it or a device around the
 * hypervisor: interrupt controllers, IOMMUs, the PCI configuration window, tables of MSI-X, ports
 * that reset the machine, raise SMIs or start a DMA. Memory of hypervisor and cells is only taken
 * where Linux has been told to keep out.
 *
 * Returns 0, or JAILHOUSE_ERR_RESOURCES (not enough memory is reserved; the sentence tells how),
 * _NOT_FOUND (no such console), _NOT_SUPPORTED (this machine can't be described), _NO_MEMORY.
 */
JAILHOUSE_API int jailhouse_generate_system(struct jailhouse_machine *machine,
					    const struct jailhouse_system_options *options,
					    struct jailhouse_builder **ret_builder,
					    struct jailhouse_error *error);

/**
 * struct jailhouse_cell_options - what a cell is to be like
 * @size: sizeof(struct jailhouse_cell_options), set by the caller
 * @reserved: 0
 * @name: of the cell, up to 31 characters
 * @cpus: as the kernel lists them, "2-3"; NULL: the last one
 * @ram: bytes, a multiple of 4096; 0: 1 MiB
 * @uart: its own UART, named as jailhouse_system_options.console is; "none"; NULL: that of the
 *	hypervisor
 */
struct jailhouse_cell_options {
	uint32_t size;
	uint32_t reserved;
	const char *name;
	const char *cpus;
	uint64_t ram;
	const char *uart;
};
#define JAILHOUSE_CELL_OPTIONS_INIT                                  \
	{                                                            \
		sizeof(struct jailhouse_cell_options), 0, 0, 0, 0, 0 \
	}

/**
 * jailhouse_generate_cell() - a cell for bare-metal inmates in a generated system
 * @machine: machine
 * @system: configuration that jailhouse_generate_system() has made of it
 * @options: options
 * @ret_builder: free with jailhouse_builder_free()
 * @error: details of a failure, or NULL
 *
 * It has RAM at 0 (on x86 what is more than 1 MiB is at 2 MiB), the communication region where
 * inmates look for it, and the UART with its interrupt.
 *
 * Returns 0, or JAILHOUSE_ERR_ARGUMENT (name, CPUs or RAM), _RESOURCES (not that much memory for
 * cells), _NOT_FOUND (no such UART), _BUSY (a UART that Linux prints to), _NO_MEMORY.
 */
JAILHOUSE_API int jailhouse_generate_cell(struct jailhouse_machine *machine,
					  const struct jailhouse_config *system,
					  const struct jailhouse_cell_options *options,
					  struct jailhouse_builder **ret_builder,
					  struct jailhouse_error *error);

/* ---- diagnosis ---- */

/* jailhouse_checklist_row.result: it is as it should be */
#define JAILHOUSE_CHECKLIST_OK      0
#define JAILHOUSE_CHECKLIST_NOTE    1 /* would be good, but it goes without */
#define JAILHOUSE_CHECKLIST_UNKNOWN 2 /* what tells it can't be read */
/* It does not work like this. */
#define JAILHOUSE_CHECKLIST_MISSING 3

/* Rows of a table of things that are there or missing; a snapshot. */
struct jailhouse_checklist;

/**
 * struct jailhouse_checklist_row - a thing that was looked for
 * @size: sizeof(struct jailhouse_checklist_row), set by the caller
 * @result: JAILHOUSE_CHECKLIST_...
 * @section: "kernel", "CPU", ...; static. Rows of a section stand together
 * @name: what; owned by the list, as the following
 * @found: what was found, may be empty
 * @advice: what to do, empty if nothing; lines may follow each other
 */
struct jailhouse_checklist_row {
	uint32_t size;
	uint32_t result;
	const char *section;
	const char *name;
	const char *found;
	const char *advice;
};

/**
 * jailhouse_hardware_check() - can this hardware run the hypervisor?
 * @root: directory with proc/, sys/ and dev/, NULL for "/"
 * @ret_list: free with jailhouse_checklist_free()
 * @error: details of a failure, or NULL
 *
 * Looks at proc/cpuinfo, dev/cpu/N/msr, ACPI tables and the device tree; never at physical memory.
 *
 * Returns 0 whatever is missing, or JAILHOUSE_ERR_IO, _CONFIG (proc/cpuinfo names no processor), _NO_MEMORY.
 */
JAILHOUSE_API int jailhouse_hardware_check(const char *root, struct jailhouse_checklist **ret_list,
					   struct jailhouse_error *error);
/**
 * jailhouse_check_hardware() - the same, with what only the kernel can read
 * @jh: connection
 * @ret_list: free with jailhouse_checklist_free()
 * @error: details of a failure, or NULL
 *
 * Of the machine that this runs on. The driver reads the registers of all CPUs that tell what virtualization can do,
 * on a PC those of the IOMMUs, and says whether it would refuse the machine. Without JAILHOUSE_FEATURE_HARDWARE, with
 * a driver that is older than that, and while the hypervisor runs, a row says why this is not known, and the rest is
 * as jailhouse_hardware_check() sees it. A simulated machine always passes.
 *
 * Returns 0 whatever is missing, or JAILHOUSE_ERR_IO, _CONFIG (proc/cpuinfo names no processor), _NO_MEMORY,
 * _NOT_SUPPORTED (there is no machine).
 */
JAILHOUSE_API int jailhouse_check_hardware(struct jailhouse *jh, struct jailhouse_checklist **ret_list,
					   struct jailhouse_error *error);
/**
 * jailhouse_doctor() - what keeps the hypervisor from being enabled?
 * @root: as above
 * @ret_list: free with jailhouse_checklist_free()
 * @error: details of a failure, or NULL
 *
 * Looks at firmware, kernel, its arguments, and the installation.
 *
 * Returns 0 whatever is missing, or JAILHOUSE_ERR_NO_MEMORY.
 */
JAILHOUSE_API int jailhouse_doctor(const char *root, struct jailhouse_checklist **ret_list,
				   struct jailhouse_error *error);
/* Frees a list, and the texts that came from it. */
JAILHOUSE_API void jailhouse_checklist_free(struct jailhouse_checklist *list);
/* Rows of the list; 0 for NULL. */
JAILHOUSE_API size_t jailhouse_checklist_get_count(const struct jailhouse_checklist *list);
/* Returns 0, or JAILHOUSE_ERR_ARGUMENT: @index is not below the count, or a size is too small. */
JAILHOUSE_API int jailhouse_checklist_get(const struct jailhouse_checklist *list, size_t index,
					  struct jailhouse_checklist_row *ret_row);

#ifdef __cplusplus
}
#endif

#endif /* !JAILHOUSE_GENERATE_H */
