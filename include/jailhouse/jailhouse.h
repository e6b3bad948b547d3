/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * libjailhouse: partition a running Linux machine into cells.
 *
 * This header is the manual. Of the project it needs <jailhouse/events.h> only, and is valid C89 and C++.
 *
 * Handles. A struct jailhouse is a connection to the hypervisor's driver. Each function that takes
 * one may be called from several threads at once with the same handle; only jailhouse_close() must
 * be alone. All other objects (cells, statistics, failures, access lists) are snapshots: they never
 * change, belong to the caller, and stay valid after the handle is closed. A console reader and a
 * monitor are used by one thread at a time and may outlive the handle as well.
 *
 * Results. Functions that can fail return 0 or a positive number for success and one of the negative
 * JAILHOUSE_ERR_... otherwise. Results go to the trailing ret_... arguments, which are untouched on
 * failure. What exactly went wrong is written to the caller's struct jailhouse_error, always the last
 * argument; NULL if it is of no interest. It is a plain value, so an error needs no memory and can't
 * be mixed up between threads. It is written on failure only. Every call can give
 * JAILHOUSE_ERR_ARGUMENT when it is misused, and each that talks to the driver
 * JAILHOUSE_ERR_IO, JAILHOUSE_ERR_INTERRUPTED and JAILHOUSE_ERR_PERMISSION; they are not repeated below.
 * Functions that free an object take NULL, and never fail.
 *
 * The library never prints, exits, forks, handles or sends signals, changes the working directory, or
 * starts threads (but for "sim:"). It blocks in the management calls while the hypervisor works (up to the reply
 * timeout of a cell, and while memory is being zeroed) and where a function says so.
 *
 * Growth. Structures that the caller allocates start with `size`, which the caller sets to sizeof; the
 * library writes no more than that, and zero what it does not know. Use the ..._INIT macros.
 */
#ifndef JAILHOUSE_JAILHOUSE_H
#define JAILHOUSE_JAILHOUSE_H

#include <stddef.h>
#include <stdint.h>

#include <jailhouse/events.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Mark of every function that the shared library exports. */
#if defined(__GNUC__)
#define JAILHOUSE_API __attribute__((visibility("default")))
#else
#define JAILHOUSE_API
#endif

/* ---- versions ---- */

/* The release that this header belongs to. */
#define JAILHOUSE_VERSION_MAJOR 0
#define JAILHOUSE_VERSION_MINOR 1
#define JAILHOUSE_VERSION_PATCH 0
/* The same as one number, for #if. */
#define JAILHOUSE_VERSION_NUMBER                                                                   \
	(JAILHOUSE_VERSION_MAJOR * 10000 + JAILHOUSE_VERSION_MINOR * 100 + JAILHOUSE_VERSION_PATCH)
/* Counts up with each release that adds functions; independent of release and soname. */
#define JAILHOUSE_API_VERSION 1

/* Version of the library in use, as JAILHOUSE_VERSION_NUMBER. Never fails. */
JAILHOUSE_API uint32_t jailhouse_get_version(void);
/* The same as text, "0.1.0". Static. */
JAILHOUSE_API const char *jailhouse_get_version_string(void);
/* JAILHOUSE_API_VERSION of the library in use. Compare with the one compiled in. */
JAILHOUSE_API uint32_t jailhouse_get_api_version(void);

/* ---- errors ---- */

/* A parameter is NULL, out of range, or has unknown flags: a mistake of the calling program. */
#define JAILHOUSE_ERR_ARGUMENT	    (-1)
/* The process has no memory left. */
#define JAILHOUSE_ERR_NO_MEMORY	    (-2)
/* The URI can't be understood. */
#define JAILHOUSE_ERR_URI	    (-3)
/* This build of the library has no backend for that kind of URI. */
#define JAILHOUSE_ERR_NO_BACKEND    (-4)
/* The device node does not exist: the driver is not loaded. */
#define JAILHOUSE_ERR_NO_DEVICE	    (-5)
/* This process may not use the device node. */
#define JAILHOUSE_ERR_PERMISSION    (-6)
/* The driver in use can't do this (an old driver, for the most part). */
#define JAILHOUSE_ERR_NOT_SUPPORTED (-7)
/* The hypervisor is not enabled. */
#define JAILHOUSE_ERR_NOT_ENABLED   (-8)
/* The hypervisor is enabled already. */
#define JAILHOUSE_ERR_ENABLED	    (-9)
/* The configuration is malformed or asks for what can't be; `reason` and `item` say what. */
#define JAILHOUSE_ERR_CONFIG	    (-10)
/* There is no such cell (or CPU). */
#define JAILHOUSE_ERR_NOT_FOUND	    (-11)
/* A cell of that name exists. */
#define JAILHOUSE_ERR_EXISTS	    (-12)
/* A cell refused: it denied its shutdown, or is locked. Asking again later may succeed. */
#define JAILHOUSE_ERR_DENIED	    (-13)
/* Something that is needed is in use. */
#define JAILHOUSE_ERR_BUSY	    (-14)
/* The hypervisor's memory or one of its tables is too small. */
#define JAILHOUSE_ERR_RESOURCES	    (-15)
/* This machine can't run the hypervisor in its present state; `reason` says what is missing. */
#define JAILHOUSE_ERR_MACHINE	    (-16)
/* The driver or the hypervisor refused for another reason, see `reason` and `sys_errno`. */
#define JAILHOUSE_ERR_REFUSED	    (-17)
/* A signal arrived before the request was done. Nothing has changed; call again. */
#define JAILHOUSE_ERR_INTERRUPTED   (-18)
/* The caller's buffer is too small. */
#define JAILHOUSE_ERR_TOO_SMALL	    (-19)
/* A system call failed, see `sys_errno`. */
#define JAILHOUSE_ERR_IO	    (-20)
/* The driver gave an answer that makes no sense. */
#define JAILHOUSE_ERR_PROTOCOL	    (-21)

/* A CPU of a simulated machine was stopped: its guest must return. */
#define JAILHOUSE_ERR_STOPPED	    (-22)
/* The peer of a channel went away or started anew: what was under way is lost. */
#define JAILHOUSE_ERR_PEER	    (-23)

/* jailhouse_error.item: what `index` counts */
#define JAILHOUSE_ITEM_NONE	  0
#define JAILHOUSE_ITEM_CPU	  1 /* logical CPU id */
#define JAILHOUSE_ITEM_MEM_REGION 2 /* index into the memory regions of the configuration */
#define JAILHOUSE_ITEM_PIO_REGION 3
#define JAILHOUSE_ITEM_IRQCHIP	  4
#define JAILHOUSE_ITEM_PCI_DEVICE 5
#define JAILHOUSE_ITEM_PCI_CAP	  6
#define JAILHOUSE_ITEM_CELL	  7 /* cell id */
#define JAILHOUSE_ITEM_IOMMU	  8
#define JAILHOUSE_ITEM_CACHE	  9
#define JAILHOUSE_ITEM_IMAGE	  10 /* index of the image to load */
#define JAILHOUSE_ITEM_FIELD	  11 /* byte offset in the configuration */
#define JAILHOUSE_ITEM_STREAM_ID  12

/* Bytes of jailhouse_error.text. */
#define JAILHOUSE_ERROR_TEXT_SIZE 320

/**
 * struct jailhouse_error - why a call failed
 * @size: sizeof(struct jailhouse_error), set by the caller; anything smaller is left alone
 * @code: JAILHOUSE_ERR_..., the same as the function's result
 * @sys_errno: errno of the failed system call or of the driver's refusal, 0 if none took part
 * @reason: number of the driver's or hypervisor's reason, 0 if it gave none; names are had from
 *	jailhouse_reason_get_name(), the list is <jailhouse/reason.h>
 * @item: JAILHOUSE_ITEM_...
 * @index: which item
 * @arg: numbers of the reason, among them the allowed range; see its sentence in reason.h
 * @text: one sentence without a full stop, always terminated
 */
struct jailhouse_error {
	uint32_t size;
	int32_t code;
	int32_t sys_errno;
	uint32_t reason;
	uint32_t item;
	uint32_t index;
	uint64_t arg[4];
	char text[JAILHOUSE_ERROR_TEXT_SIZE];
};
#define JAILHOUSE_ERROR_INIT                                                                       \
	{                                                                                          \
		sizeof(struct jailhouse_error), 0, 0, 0, 0, 0, {0, 0, 0, 0},                       \
		{                                                                                  \
			0                                                                          \
		}                                                                                  \
	}

/**
 * jailhouse_code_get_name() - the name of a result
 * @code: JAILHOUSE_ERR_... or 0
 *
 * Returns a static string such as "NOT_ENABLED", "OK" for 0, "UNKNOWN" for any other number.
 */
JAILHOUSE_API const char *jailhouse_code_get_name(int code);

/**
 * jailhouse_reason_get_name() - the name of a reason
 * @reason: jailhouse_error.reason or jailhouse_failure_get_reason()
 *
 * Names are stable and meant for programs. Returns a static string such as "CPU_NOT_IN_ROOT", or NULL
 * if the number is 0 or unknown.
 */
JAILHOUSE_API const char *jailhouse_reason_get_name(uint32_t reason);

/* ---- connection ---- */

struct jailhouse;

/**
 * jailhouse_open() - connect to the hypervisor's driver
 * @uri: "device:" for /dev/jailhouse, "device:PATH" for another node. Options follow a
 *	question mark and are separated by "&": "sysfs=PATH" replaces /sys/devices/jailhouse.
 *	"sim:" for a simulated machine of this connection alone, "sim:PATH" for the one behind the socket
 *	at PATH, which processes of the same user share; see <jailhouse/sim.h> and docs/simulation.md.
 *	NULL for what the environment variable JAILHOUSE_BACKEND says, or "device:" without (or with
 *	set-user-id rights).
 * @ret_jh: the connection, to be closed by jailhouse_close()
 * @error: details of a failure, or NULL
 *
 * Finds out whether the driver is ours or an old one that knows only the first generation of ioctls
 * and sysfs files. The latter is used as far as it goes, see jailhouse_get_features(). If the node
 * may not be opened by this process but sysfs can be read, the connection is good for looking only.
 * Nothing is changed on the machine.
 *
 * For "sim:" libjailhouse-sim.so is loaded. A machine of this connection has threads in this process,
 * with all signals blocked; it ends with the connection and the readers and monitors that came from it.
 * Nobody at the socket of "sim:PATH" is JAILHOUSE_ERR_NO_DEVICE, too: the server is started by the
 * command line tool, or by hand.
 *
 * Returns 0, or JAILHOUSE_ERR_URI, _NO_BACKEND, _NO_DEVICE, _PERMISSION, _NO_MEMORY, _PROTOCOL.
 */
JAILHOUSE_API int jailhouse_open(const char *uri, struct jailhouse **ret_jh,
				 struct jailhouse_error *error);

/* Closes a connection. The hypervisor and its cells go on running, but not those of "sim:". */
JAILHOUSE_API void jailhouse_close(struct jailhouse *jh);

/* Features of a connection */
#define JAILHOUSE_FEATURE_MANAGE   0x001 /* enable, disable, and all that changes cells */
#define JAILHOUSE_FEATURE_REASONS  0x002 /* failures come with a reason */
#define JAILHOUSE_FEATURE_CONFIG   0x004 /* configurations can be read back */
#define JAILHOUSE_FEATURE_FAILURES 0x008 /* failure records of CPUs */
#define JAILHOUSE_FEATURE_LEARNING 0x010 /* learning mode */
#define JAILHOUSE_FEATURE_POLL	   0x020 /* the descriptors of console and monitor can be polled */
#define JAILHOUSE_FEATURE_INFO	   0x040 /* all of struct jailhouse_system_info */
#define JAILHOUSE_FEATURE_EVENTS   0x080 /* changes are told: monitors, jailhouse_get_event_fd() */
#define JAILHOUSE_FEATURE_HARDWARE 0x100 /* what only the kernel can read: jailhouse_check_hardware() */

/* What this connection can do: JAILHOUSE_FEATURE_..., found at open. Never fails. */
JAILHOUSE_API uint64_t jailhouse_get_features(const struct jailhouse *jh);
/* "device", "device-legacy" (an old driver, or sysfs only) or "sim". Static. */
JAILHOUSE_API const char *jailhouse_get_backend_name(const struct jailhouse *jh);

#define JAILHOUSE_LOG_ERROR   0 /* what is returned as an error, too */
#define JAILHOUSE_LOG_WARNING 1 /* works, but not as one may expect */
#define JAILHOUSE_LOG_INFO    2 /* changes on the machine */
#define JAILHOUSE_LOG_DEBUG   3 /* each exchange with the driver */

/*
 * Receives a message: a line without newline, valid during the call only. Runs in the thread of the
 * call that caused it and may use the library, the same handle included.
 */
typedef void (*jailhouse_log_func)(void *user, int level, const char *message);

/**
 * jailhouse_set_log_callback() - hear what the library does
 * @jh: connection
 * @max_level: messages above this JAILHOUSE_LOG_... are not passed on
 * @callback: function to call, NULL (as after open) for none
 * @user: handed to the callback
 *
 * A call that is under way in another thread may still use the previous callback when this returns.
 */
JAILHOUSE_API void jailhouse_set_log_callback(struct jailhouse *jh, int max_level,
					      jailhouse_log_func callback, void *user);

/* ---- hypervisor ---- */

/* Learning mode: forbidden accesses of the root cell are answered and recorded, not punished. */
#define JAILHOUSE_ENABLE_FLAG_PERMISSIVE 0x1

/**
 * jailhouse_enable() - start the hypervisor below the running Linux, which becomes the root cell
 * @jh: connection
 * @config: system configuration (the contents of a .cell file); not kept
 * @size: its size in bytes
 * @flags: JAILHOUSE_ENABLE_FLAG_...
 * @error: details of a failure, or NULL
 *
 * The header, revision, architecture and counts of the configuration are checked here already.
 * All or nothing: if it fails on one CPU, Linux goes on as before on all of them.
 *
 * Returns 0, or JAILHOUSE_ERR_CONFIG, _ENABLED, _MACHINE, _RESOURCES, _BUSY, _REFUSED,
 * _NOT_SUPPORTED (a flag and an old driver).
 */
JAILHOUSE_API int jailhouse_enable(struct jailhouse *jh, const void *config, size_t size,
				   uint32_t flags, struct jailhouse_error *error);

/**
 * jailhouse_disable() - destroy all cells and remove the hypervisor
 * @jh: connection
 * @error: details of a failure, or NULL
 *
 * Running cells are asked; the first one that denies ends the call, and cells that were destroyed
 * before it stay destroyed.
 *
 * Returns 0, or JAILHOUSE_ERR_NOT_ENABLED, _DENIED, _BUSY (a CPU of the root cell is offline), _REFUSED.
 */
JAILHOUSE_API int jailhouse_disable(struct jailhouse *jh, struct jailhouse_error *error);

/* Returns 1 if the hypervisor runs, 0 if not, or a negative JAILHOUSE_ERR_... */
JAILHOUSE_API int jailhouse_is_enabled(struct jailhouse *jh, struct jailhouse_error *error);

/* What the hypervisor can't keep apart on this machine */
#define JAILHOUSE_ISOLATION_NO_DMA	 0x1 /* devices of a cell reach all memory */
#define JAILHOUSE_ISOLATION_NO_MSI_REMAP 0x2 /* devices can send any interrupt */
/* Set by the library: the driver does not tell. */
#define JAILHOUSE_ISOLATION_UNKNOWN	 0x80000000u

/**
 * struct jailhouse_system_info - the hypervisor at a moment
 * @size: sizeof(struct jailhouse_system_info), set by the caller
 * @enabled: 1 while the hypervisor runs
 * @permissive: 1 in learning mode
 * @isolation: JAILHOUSE_ISOLATION_..., 0 while not enabled
 * @num_cells: cells, root included
 * @max_cpus: CPU ids are below this; 0 if unknown
 * @driver_abi: version of the driver's interface, 0 for an old driver
 * @mem_pool_size: memory of the hypervisor behind its image, in pages of 4 KiB
 * @mem_pool_used: pages of it in use
 * @event_seq: counts changes of cells and CPUs
 * @learned_total: distinct accesses found in learning mode
 * @tsc_khz: frequency of the clock that times are measured with, 0 if unknown
 * @core_size: bytes of the image in memory
 * @percpu_size: bytes per CPU
 * @image_features: bits of the running hypervisor image, see <jailhouse/image.h>
 * @stop_last_ns: time that the last management call stopped the root cell's CPUs, in nanoseconds
 * @stop_max_ns: the longest such time since enable
 * @dropped_nmis: NMIs between CPUs that were not delivered
 * @dropped_pci_writes: writes of the root cell to PCI functions that are not configured
 * @denied_msrs: refused MSR accesses
 * @suppressed_lines: console lines of cells beyond the rate limit
 * @build_id: of the running image, zero if none runs
 * @driver_version: text, terminated, empty if unknown
 * @reserved: 0
 *
 * Without JAILHOUSE_FEATURE_INFO only enabled, num_cells and the pool are known.
 */
struct jailhouse_system_info {
	uint32_t size;
	uint32_t enabled;
	uint32_t permissive;
	uint32_t isolation;
	uint32_t num_cells;
	uint32_t max_cpus;
	uint32_t driver_abi;
	uint32_t mem_pool_size;
	uint32_t mem_pool_used;
	uint32_t event_seq;
	uint32_t learned_total;
	uint32_t tsc_khz;
	uint64_t core_size;
	uint64_t percpu_size;
	uint64_t image_features;
	uint64_t stop_last_ns;
	uint64_t stop_max_ns;
	uint64_t dropped_nmis;
	uint64_t dropped_pci_writes;
	uint64_t denied_msrs;
	uint64_t suppressed_lines;
	uint8_t build_id[20];
	char driver_version[32];
	uint32_t reserved;
};
#define JAILHOUSE_SYSTEM_INFO_INIT                                                                 \
	{                                                                                          \
		sizeof(struct jailhouse_system_info), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, \
			0, 0, 0, 0, 0, {0}, {0}, 0                                                 \
	}

/**
 * jailhouse_get_system_info() - look at the hypervisor
 * @jh: connection
 * @info: result; its size member is set
 * @error: details of a failure, or NULL
 *
 * Returns 0 whether or not the hypervisor runs. Possible error: JAILHOUSE_ERR_PROTOCOL.
 */
JAILHOUSE_API int jailhouse_get_system_info(struct jailhouse *jh,
					    struct jailhouse_system_info *info,
					    struct jailhouse_error *error);

/**
 * jailhouse_get_system_config() - read back the configuration that the hypervisor was enabled with
 * @jh: connection
 * @buffer: where to put it; NULL to learn the size only
 * @buffer_size: bytes at @buffer
 * @ret_size: bytes of the configuration
 * @error: details of a failure, or NULL
 *
 * Returns 0, or JAILHOUSE_ERR_TOO_SMALL, _NOT_ENABLED, _NOT_SUPPORTED.
 */
JAILHOUSE_API int jailhouse_get_system_config(struct jailhouse *jh, void *buffer,
					      size_t buffer_size, size_t *ret_size,
					      struct jailhouse_error *error);

/* ---- life of a cell ---- */

/**
 * jailhouse_cell_create() - carve a cell out of the root cell
 * @jh: connection
 * @config: cell configuration (the contents of a .cell file); not kept
 * @size: its size in bytes
 * @ret_id: id of the new cell, 1 or more; may be NULL
 * @error: details of a failure, or NULL
 *
 * Linux loses the CPUs, memory, ports, devices and interrupts of the configuration. Memory is zeroed.
 * The cell exists then, shut down. A refused request leaves everything as it was.
 *
 * Returns 0, or JAILHOUSE_ERR_CONFIG, _NOT_ENABLED, _EXISTS, _DENIED (another cell is locked),
 * _BUSY, _RESOURCES, _REFUSED.
 */
JAILHOUSE_API int jailhouse_cell_create(struct jailhouse *jh, const void *config, size_t size,
					uint32_t *ret_id, struct jailhouse_error *error);

/**
 * struct jailhouse_image - something to put into the memory of a cell
 * @address: where, as the cell sees it
 * @data: the bytes
 * @size: how many; 0 is allowed and does nothing
 *
 * The layout of this one is fixed for good, because it stands in arrays.
 */
struct jailhouse_image {
	uint64_t address;
	const void *data;
	size_t size;
};

/* Images in one call of jailhouse_cell_load(). */
#define JAILHOUSE_MAX_IMAGES 64

/**
 * jailhouse_cell_load() - shut a cell down and fill its memory
 * @jh: connection
 * @id: cell, not 0
 * @images: copied in order; each must lie in one region that is loadable and writable
 * @num_images: 1 to JAILHOUSE_MAX_IMAGES
 * @error: details of a failure, or NULL; an item JAILHOUSE_ITEM_IMAGE names the image
 *
 * Ends at the first error; the cell is then shut down and must be loaded again before it is started.
 *
 * Returns 0, or JAILHOUSE_ERR_NOT_ENABLED, _NOT_FOUND, _DENIED, _CONFIG (no region for the
 * image), _BUSY, _REFUSED.
 */
JAILHOUSE_API int jailhouse_cell_load(struct jailhouse *jh, uint32_t id,
				      const struct jailhouse_image *images, size_t num_images,
				      struct jailhouse_error *error);

/**
 * jailhouse_cell_start() - start a cell, or restart it
 * @jh: connection
 * @id: cell, not 0
 * @error: details of a failure, or NULL
 *
 * A running cell is asked to shut down first. Loadable memory disappears from Linux.
 *
 * Returns 0, or JAILHOUSE_ERR_NOT_ENABLED, _NOT_FOUND, _DENIED, _REFUSED (the last load failed).
 */
JAILHOUSE_API int jailhouse_cell_start(struct jailhouse *jh, uint32_t id,
				       struct jailhouse_error *error);

/**
 * jailhouse_cell_shutdown() - stop a cell; it keeps its resources
 * @jh: connection
 * @id: cell, not 0
 * @error: details of a failure, or NULL
 *
 * A running cell is asked and may deny. One that does not answer in time is stopped.
 *
 * Returns 0, or JAILHOUSE_ERR_NOT_ENABLED, _NOT_FOUND, _DENIED, _REFUSED.
 */
JAILHOUSE_API int jailhouse_cell_shutdown(struct jailhouse *jh, uint32_t id,
					  struct jailhouse_error *error);

/**
 * jailhouse_cell_destroy() - shut a cell down and give its resources back to Linux
 * @jh: connection
 * @id: cell, not 0
 * @error: details of a failure, or NULL
 *
 * Its memory is zeroed before Linux sees it. Devices are not bound to their drivers again.
 *
 * Returns 0, or JAILHOUSE_ERR_NOT_ENABLED, _NOT_FOUND, _DENIED (by this cell, or another one is
 * locked), _REFUSED.
 */
JAILHOUSE_API int jailhouse_cell_destroy(struct jailhouse *jh, uint32_t id,
					 struct jailhouse_error *error);

/* As jailhouse_get_system_config(), of cell @id (not 0); also JAILHOUSE_ERR_NOT_FOUND. */
JAILHOUSE_API int jailhouse_cell_get_config(struct jailhouse *jh, uint32_t id, void *buffer,
					    size_t buffer_size, size_t *ret_size,
					    struct jailhouse_error *error);

/* ---- looking at cells ---- */

struct jailhouse_cell;	/* one cell at a moment */
struct jailhouse_cells; /* all cells at a moment */

/**
 * jailhouse_cells_get() - all cells
 * @jh: connection
 * @ret_cells: the cells in order of their ids, root (0) first; free with jailhouse_cells_free()
 * @error: details of a failure, or NULL
 *
 * If the hypervisor is not enabled there are none. Returns 0, or JAILHOUSE_ERR_NO_MEMORY, _PROTOCOL.
 */
JAILHOUSE_API int jailhouse_cells_get(struct jailhouse *jh, struct jailhouse_cells **ret_cells,
				      struct jailhouse_error *error);
/* Frees the list and the cells in it. */
JAILHOUSE_API void jailhouse_cells_free(struct jailhouse_cells *cells);
/* Cells in the list; 0 for NULL. */
JAILHOUSE_API size_t jailhouse_cells_get_count(const struct jailhouse_cells *cells);
/* The cell at @index, owned by @cells; NULL if @index is not below the count. */
JAILHOUSE_API const struct jailhouse_cell *
jailhouse_cells_get_cell(const struct jailhouse_cells *cells, size_t index);

/**
 * jailhouse_cell_get_by_id() - one cell
 * @jh: connection
 * @id: of the cell, 0 for the root cell
 * @ret_cell: free with jailhouse_cell_free()
 * @error: details of a failure, or NULL
 *
 * Returns 0, or JAILHOUSE_ERR_NOT_ENABLED, _NOT_FOUND, _NO_MEMORY, _PROTOCOL.
 */
JAILHOUSE_API int jailhouse_cell_get_by_id(struct jailhouse *jh, uint32_t id,
					   struct jailhouse_cell **ret_cell,
					   struct jailhouse_error *error);
/* The same by name: 1 to 31 bytes. */
JAILHOUSE_API int jailhouse_cell_get_by_name(struct jailhouse *jh, const char *name,
					     struct jailhouse_cell **ret_cell,
					     struct jailhouse_error *error);
/* Frees what the two functions above return; never a cell that belongs to a list. */
JAILHOUSE_API void jailhouse_cell_free(struct jailhouse_cell *cell);

/* States of a cell. The cell itself can write its state, so take any number. */
#define JAILHOUSE_CELL_RUNNING	       0
#define JAILHOUSE_CELL_RUNNING_LOCKED  1 /* and no cell may be created or destroyed now */
#define JAILHOUSE_CELL_SHUT_DOWN       2
#define JAILHOUSE_CELL_FAILED	       3
#define JAILHOUSE_CELL_FAILED_COMM_REV 4 /* does not understand the communication region */
#define JAILHOUSE_CELL_STATE_INVALID   (-1) /* the cell made a number up */

/* 0 for the root cell. */
JAILHOUSE_API uint32_t jailhouse_cell_get_id(const struct jailhouse_cell *cell);
/* Lives as long as @cell. Bytes as in the configuration: not necessarily UTF-8 or printable. */
JAILHOUSE_API const char *jailhouse_cell_get_name(const struct jailhouse_cell *cell);
/* JAILHOUSE_CELL_RUNNING ... JAILHOUSE_CELL_STATE_INVALID */
JAILHOUSE_API int jailhouse_cell_get_state(const struct jailhouse_cell *cell);
/* Flags of the configuration (JAILHOUSE_CELL_... in <jailhouse/cell-config.h>), 0 if unknown. */
JAILHOUSE_API uint32_t jailhouse_cell_get_flags(const struct jailhouse_cell *cell);
/* JAILHOUSE_ISOLATION_... */
JAILHOUSE_API uint32_t jailhouse_cell_get_isolation(const struct jailhouse_cell *cell);

/**
 * jailhouse_cell_get_cpus() - the CPUs that the cell owns
 * @cell: cell
 * @mask: result, bit n % 64 of word n / 64 is logical CPU n; may be NULL if @num_words is 0
 * @num_words: 64-bit words at @mask; all of them are written
 *
 * Returns the number of words that hold all CPUs; more than @num_words means that some are missing.
 */
JAILHOUSE_API size_t jailhouse_cell_get_cpus(const struct jailhouse_cell *cell, uint64_t *mask,
					     size_t num_words);
/* The same for those of them that are stopped after a violation. */
JAILHOUSE_API size_t jailhouse_cell_get_failed_cpus(const struct jailhouse_cell *cell,
						    uint64_t *mask, size_t num_words);

/* The text of a state: "running", "running/locked", "shut down", "failed", "Comm ABI mismatch" or, for
 * anything else, "invalid". Static. */
JAILHOUSE_API const char *jailhouse_state_get_name(int state);

/* ---- statistics ---- */

struct jailhouse_stats; /* exit counters of a cell at a moment */

/**
 * jailhouse_stats_get() - count how often the CPUs of a cell left it for the hypervisor
 * @jh: connection
 * @id: cell, 0 for the root cell
 * @ret_stats: free with jailhouse_stats_free()
 * @error: details of a failure, or NULL
 *
 * Counters have 31 bits and wrap; they start at 0 when a CPU comes to a cell.
 *
 * Returns 0, or JAILHOUSE_ERR_NOT_ENABLED, _NOT_FOUND, _NO_MEMORY, _PROTOCOL.
 */
JAILHOUSE_API int jailhouse_stats_get(struct jailhouse *jh, uint32_t id,
				      struct jailhouse_stats **ret_stats,
				      struct jailhouse_error *error);
/* Frees statistics, and the names that came from them. */
JAILHOUSE_API void jailhouse_stats_free(struct jailhouse_stats *stats);
/* Kinds of counters; those of another architecture are not there. */
JAILHOUSE_API size_t jailhouse_stats_get_num_counters(const struct jailhouse_stats *stats);
/* CPUs of the cell. */
JAILHOUSE_API size_t jailhouse_stats_get_num_cpus(const struct jailhouse_stats *stats);
/* Name of a counter, "vmexits_total"; lives as long as @stats. NULL if there is no such counter. */
JAILHOUSE_API const char *jailhouse_stats_get_name(const struct jailhouse_stats *stats,
						   size_t counter);
/* Sum over the cell's CPUs; 0 if there is no such counter. */
JAILHOUSE_API uint64_t jailhouse_stats_get_sum(const struct jailhouse_stats *stats, size_t counter);
/* Logical id of the cell's n-th CPU, ascending; -1 if there is none. */
JAILHOUSE_API int64_t jailhouse_stats_get_cpu(const struct jailhouse_stats *stats, size_t n);
/* Counter of the n-th CPU; 0 if there is none. */
JAILHOUSE_API uint64_t jailhouse_stats_get_value(const struct jailhouse_stats *stats, size_t n,
						 size_t counter);

/* ---- failures ---- */

struct jailhouse_failure; /* why a CPU was stopped */

#define JAILHOUSE_RECORD_VIOLATION 1 /* the guest did what it may not */
#define JAILHOUSE_RECORD_PANIC	   2 /* the hypervisor itself failed on this CPU */

/**
 * jailhouse_failure_get() - the failure record of a CPU
 * @jh: connection
 * @cpu: logical CPU id
 * @ret_failure: free with jailhouse_failure_free()
 * @error: details of a failure, or NULL
 *
 * Records are kept until the CPU is started again or changes its cell.
 *
 * Returns 1 and the record if this CPU has failed, 0 if not (@ret_failure is untouched then), or
 * JAILHOUSE_ERR_NOT_SUPPORTED, _NOT_ENABLED, _NOT_FOUND (no such CPU), _NO_MEMORY, _BUSY (the record
 * was being written each time it was looked at; a CPU that fails is done in microseconds, so this
 * lasts only if the hypervisor itself failed in the middle: ask again, but not for ever).
 */
JAILHOUSE_API int jailhouse_failure_get(struct jailhouse *jh, uint32_t cpu,
					struct jailhouse_failure **ret_failure,
					struct jailhouse_error *error);
/* Frees a record, and the texts that came from it. */
JAILHOUSE_API void jailhouse_failure_free(struct jailhouse_failure *failure);
/* JAILHOUSE_RECORD_... */
JAILHOUSE_API uint32_t jailhouse_failure_get_kind(const struct jailhouse_failure *failure);
/* Logical id of the CPU that was stopped. */
JAILHOUSE_API uint32_t jailhouse_failure_get_cpu(const struct jailhouse_failure *failure);
/* Id of the cell that ran. */
JAILHOUSE_API uint32_t jailhouse_failure_get_cell(const struct jailhouse_failure *failure);
/* Number of the reason, see jailhouse_reason_get_name(). */
JAILHOUSE_API uint32_t jailhouse_failure_get_reason(const struct jailhouse_failure *failure);
/* The reason as a sentence; lives as long as @failure. */
JAILHOUSE_API const char *jailhouse_failure_get_text(const struct jailhouse_failure *failure);
/* Guest-physical address, port or MSR, as the reason says. */
JAILHOUSE_API uint64_t jailhouse_failure_get_address(const struct jailhouse_failure *failure);
/* Bytes of the instruction, living as long as @failure, and their number; 0 if unknown. */
JAILHOUSE_API const uint8_t *
jailhouse_failure_get_instruction(const struct jailhouse_failure *failure, size_t *ret_size);
/* Registers in the record. */
JAILHOUSE_API size_t jailhouse_failure_get_num_registers(const struct jailhouse_failure *failure);
/* Name of a register in lower case ("rip"); static. NULL if there is no such register. */
JAILHOUSE_API const char *
jailhouse_failure_get_register_name(const struct jailhouse_failure *failure, size_t index);
/* Its value; 0 if there is no such register. */
JAILHOUSE_API uint64_t jailhouse_failure_get_register(const struct jailhouse_failure *failure,
						      size_t index);

/* ---- learning mode ---- */

struct jailhouse_access_list; /* what the root cell touched without permission */

#define JAILHOUSE_LEARNED_MEM 1 /* address: physical */
#define JAILHOUSE_LEARNED_PIO 2 /* address: port */
#define JAILHOUSE_LEARNED_MSR 3 /* address: MSR number */
#define JAILHOUSE_LEARNED_PCI 4 /* address: bdf << 12 | register */

/* jailhouse_access.direction: what was done there */
#define JAILHOUSE_ACCESS_WRITE 0x1
#define JAILHOUSE_ACCESS_READ  0x2

/**
 * struct jailhouse_access - a kind of access
 * @size: sizeof(struct jailhouse_access), set by the caller
 * @kind: JAILHOUSE_LEARNED_...
 * @address: meaning by kind
 * @count: how often
 * @width: bytes, 0 if unknown
 * @direction: JAILHOUSE_ACCESS_..., both may be set
 */
struct jailhouse_access {
	uint32_t size;
	uint32_t kind;
	uint64_t address;
	uint64_t count;
	uint32_t width;
	uint32_t direction;
};
#define JAILHOUSE_ACCESS_INIT                                                                      \
	{                                                                                          \
		sizeof(struct jailhouse_access), 0, 0, 0, 0, 0                                     \
	}

/**
 * jailhouse_access_list_get() - the accesses that learning mode has found
 * @jh: connection
 * @ret_list: free with jailhouse_access_list_free()
 * @error: details of a failure, or NULL
 *
 * They stay readable after disable until the next enable.
 *
 * Returns 0, or JAILHOUSE_ERR_NOT_SUPPORTED, _NO_MEMORY, _PROTOCOL.
 */
JAILHOUSE_API int jailhouse_access_list_get(struct jailhouse *jh,
					    struct jailhouse_access_list **ret_list,
					    struct jailhouse_error *error);
/* Frees the list. */
JAILHOUSE_API void jailhouse_access_list_free(struct jailhouse_access_list *list);
/* Accesses in the list; 0 for NULL. */
JAILHOUSE_API size_t jailhouse_access_list_get_count(const struct jailhouse_access_list *list);
/* Accesses that were seen; more than the count if the hypervisor's table was too small. */
JAILHOUSE_API uint64_t jailhouse_access_list_get_total(const struct jailhouse_access_list *list);
/* Copies one access. Returns 0, or JAILHOUSE_ERR_ARGUMENT if @index is not below the count. */
JAILHOUSE_API int jailhouse_access_list_get_access(const struct jailhouse_access_list *list,
						   size_t index,
						   struct jailhouse_access *ret_access);

/* ---- console of the hypervisor ---- */

struct jailhouse_console_reader;

/* Reads wait for text, also across disable and enable, instead of returning 0. */
#define JAILHOUSE_CONSOLE_FOLLOW 0x1

/**
 * jailhouse_console_open() - read what hypervisor and cells print
 * @jh: connection
 * @flags: 0 or JAILHOUSE_CONSOLE_FOLLOW
 * @ret_reader: close with jailhouse_console_close()
 * @error: details of a failure, or NULL
 *
 * Each reader has its own position and starts with the oldest text that is left. After disable, or an
 * enable that failed, the last text can still be read once.
 *
 * Returns 0, or JAILHOUSE_ERR_NO_MEMORY.
 */
JAILHOUSE_API int jailhouse_console_open(struct jailhouse *jh, uint32_t flags,
					 struct jailhouse_console_reader **ret_reader,
					 struct jailhouse_error *error);
/* Closes a reader and its descriptor. */
JAILHOUSE_API void jailhouse_console_close(struct jailhouse_console_reader *reader);
/*
 * Descriptor to poll, owned by the reader: POLLIN text, POLLERR no permission, POLLHUP not enabled and
 * nothing stored. An old driver reports POLLIN always. A simulation: POLLIN for text and if it is not
 * permitted, POLLHUP if its server is gone.
 */
JAILHOUSE_API int jailhouse_console_get_fd(const struct jailhouse_console_reader *reader);

/**
 * jailhouse_console_read() - take the next text
 * @reader: reader
 * @buffer: where to put it; it is not terminated
 * @size: bytes at @buffer, 1 or more
 * @error: details of a failure, or NULL
 *
 * Text that was lost because it was not read in time is replaced by "<missed N bytes of console log>".
 *
 * Returns the number of bytes, 0 if there is nothing new at present (never with FOLLOW), or
 * JAILHOUSE_ERR_NOT_ENABLED (nothing stored either), or JAILHOUSE_ERR_REFUSED (the system
 * configuration does not switch this console on).
 */
JAILHOUSE_API int jailhouse_console_read(struct jailhouse_console_reader *reader, void *buffer,
					 size_t size, struct jailhouse_error *error);

/* ---- changes ---- */

struct jailhouse_monitor;

/**
 * jailhouse_monitor_open() - be told when a cell or CPU changes
 * @jh: connection
 * @ret_monitor: close with jailhouse_monitor_close()
 * @error: details of a failure, or NULL
 *
 * The monitor knows that something changed: a cell came, went, or has another state, a CPU failed,
 * the hypervisor was enabled or disabled. There are two ways to learn what: read the events one after
 * the other by jailhouse_monitor_read(), or acknowledge all of them by jailhouse_monitor_acknowledge()
 * and look at the cells. It begins with what happens after this call. Changes that a cell makes to its
 * own state are seen within 100 ms while somebody waits or reads.
 *
 * An old driver (backend "device-legacy") tells nobody of changes and its node can't be polled; all that
 * a program can do there is look at the cells now and then.
 *
 * Returns 0, or JAILHOUSE_ERR_NOT_SUPPORTED (an old driver), _NO_MEMORY.
 */
JAILHOUSE_API int jailhouse_monitor_open(struct jailhouse *jh,
					 struct jailhouse_monitor **ret_monitor,
					 struct jailhouse_error *error);
/* Closes a monitor and its descriptor. */
JAILHOUSE_API void jailhouse_monitor_close(struct jailhouse_monitor *monitor);
/* Descriptor to poll, owned by the monitor. */
JAILHOUSE_API int jailhouse_monitor_get_fd(const struct jailhouse_monitor *monitor);
/*
 * The events of poll() to ask for: POLLIN, or 0 for NULL. It is reported as long as there is something
 * that was neither read nor acknowledged; jailhouse_monitor_read() may find that it was no event. POLLHUP
 * or POLLERR without it: as the errors of jailhouse_monitor_wait().
 */
JAILHOUSE_API int jailhouse_monitor_get_poll_events(const struct jailhouse_monitor *monitor);

/**
 * jailhouse_monitor_wait() - block until something changed
 * @monitor: monitor
 * @timeout_ms: milliseconds, negative for ever, 0 to look only
 * @error: details of a failure, or NULL
 *
 * Does not acknowledge. Returns 1 if something changed, 0 if the time is over, or
 * JAILHOUSE_ERR_NO_DEVICE (the server of a simulation, or the driver, is gone).
 */
JAILHOUSE_API int jailhouse_monitor_wait(struct jailhouse_monitor *monitor, int timeout_ms,
					 struct jailhouse_error *error);

/**
 * jailhouse_monitor_acknowledge() - all changes up to now are known
 * @monitor: monitor
 * @ret_seq: the number of changes so far, wraps; may be NULL
 * @error: details of a failure, or NULL
 *
 * Passes over all events up to now. Call it before looking at the cells, so that no change gets lost.
 * Returns 0 or an error.
 */
JAILHOUSE_API int jailhouse_monitor_acknowledge(struct jailhouse_monitor *monitor,
						uint32_t *ret_seq, struct jailhouse_error *error);

/* Bytes of jailhouse_event.name. */
#define JAILHOUSE_EVENT_NAME_SIZE 32

/**
 * struct jailhouse_event - what has happened
 * @size: sizeof(struct jailhouse_event), set by the caller
 * @type: JAILHOUSE_EVENT_...
 * @seq: number of this event; the next one has one more. Starts at 1 when the driver is loaded
 * @time_ns: when it was noticed, by CLOCK_MONOTONIC, in nanoseconds
 * @lost: how many events are gone, from number @seq on, for LOST; else 0
 * @cell: id of the cell
 * @state: of the cell from then on, JAILHOUSE_CELL_...
 * @cpu: logical id of the CPU that @reason is of, for CPU_FAILED, and for FAILED with a reason
 * @reason: number of the reason, see jailhouse_reason_get_name(); 0: there is none
 * @item: JAILHOUSE_ITEM_...
 * @index: which item
 * @arg: numbers of the reason
 * @name: of the cell, terminated; empty if there is none
 * @text: the reason as a sentence, terminated; empty if there is none
 */
struct jailhouse_event {
	uint32_t size;
	uint32_t type;
	uint64_t seq;
	uint64_t time_ns;
	uint64_t lost;
	uint32_t cell;
	int32_t state;
	uint32_t cpu;
	uint32_t reason;
	uint32_t item;
	uint32_t index;
	uint64_t arg[4];
	char name[JAILHOUSE_EVENT_NAME_SIZE];
	char text[JAILHOUSE_ERROR_TEXT_SIZE];
};
#define JAILHOUSE_EVENT_INIT                                                                       \
	{                                                                                          \
		sizeof(struct jailhouse_event), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, {0, 0, 0, 0}, {0},   \
		{                                                                                  \
			0                                                                          \
		}                                                                                  \
	}

/**
 * jailhouse_monitor_read() - take the next event
 * @monitor: monitor
 * @ret_event: the event; its size is set by the caller
 * @error: details of a failure, or NULL
 *
 * Events come in order, each once to each monitor. The driver keeps the last 256; whoever is late gets
 * one LOST in place of those that are gone. Does not wait.
 *
 * Returns 1 and the event, 0 if there is none at present (@ret_event is untouched then), or
 * JAILHOUSE_ERR_NO_DEVICE (as jailhouse_monitor_wait()), _PROTOCOL.
 */
JAILHOUSE_API int jailhouse_monitor_read(struct jailhouse_monitor *monitor,
					 struct jailhouse_event *ret_event,
					 struct jailhouse_error *error);

/**
 * jailhouse_event_get_type_name() - the word for a kind of event
 * @type: jailhouse_event.type
 *
 * Words are stable and meant for programs. Returns a static string such as "created", or "unknown".
 */
JAILHOUSE_API const char *jailhouse_event_get_type_name(uint32_t type);

/**
 * jailhouse_get_event_fd() - a descriptor for the events of a connection
 * @jh: connection
 * @error: details of a failure, or NULL
 *
 * For programs with one event loop: a monitor that belongs to the connection, opened by the first call
 * and closed with the connection. Poll for POLLIN, then call jailhouse_read_event() until it returns 0.
 *
 * Returns the descriptor, always the same one, or an error as jailhouse_monitor_open().
 */
JAILHOUSE_API int jailhouse_get_event_fd(struct jailhouse *jh, struct jailhouse_error *error);

/**
 * jailhouse_read_event() - take the next event of a connection
 * @jh: connection
 * @ret_event: the event; its size is set by the caller
 * @error: details of a failure, or NULL
 *
 * As jailhouse_monitor_read() with the monitor of jailhouse_get_event_fd(). Each event goes to one of
 * the threads that call this.
 *
 * Returns as that, or as jailhouse_monitor_open(): the first call opens the monitor.
 */
JAILHOUSE_API int jailhouse_read_event(struct jailhouse *jh, struct jailhouse_event *ret_event,
				       struct jailhouse_error *error);

#ifdef __cplusplus
}
#endif

#endif /* !JAILHOUSE_JAILHOUSE_H */
