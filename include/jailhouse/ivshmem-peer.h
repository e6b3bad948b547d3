/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Shared memory links: the IVSHMEM devices of this cell, and messages to other cells. Results, errors
 * and growth are as <jailhouse/jailhouse.h> says.
 *
 * A device is one end of a link. In five lines: jailhouse_ivshmem_open(), jailhouse_channel_open(),
 * jailhouse_channel_send(), jailhouse_channel_receive(), and the two that close.
 *
 * A device and the channels on it are used by one thread at a time.
 */
#ifndef JAILHOUSE_IVSHMEM_PEER_H
#define JAILHOUSE_IVSHMEM_PEER_H

#include <jailhouse/jailhouse.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- devices ---- */

/* How a device is reached */
#define JAILHOUSE_IVSHMEM_ACCESS_NONE   0 /* it is not: another driver has it, such as ivshmem_net */
#define JAILHOUSE_IVSHMEM_ACCESS_UIO    1 /* the driver uio_ivshmem */
#define JAILHOUSE_IVSHMEM_ACCESS_MEMORY 2 /* sysfs and /dev/mem: no interrupts, programs poll */
#define JAILHOUSE_IVSHMEM_ACCESS_SIM    3 /* the root cell of a simulated machine */
#define JAILHOUSE_IVSHMEM_ACCESS_VFIO   4 /* the driver vfio-pci, and /dev/mem for the shared memory */

/**
 * struct jailhouse_ivshmem_info - an IVSHMEM device of this cell
 * @size: sizeof(struct jailhouse_ivshmem_info), set by the caller
 * @access: JAILHOUSE_IVSHMEM_ACCESS_...
 * @domain: PCI domain
 * @bdf: bus << 8 | device << 3 | function
 * @protocol: JAILHOUSE_SHMEM_PROTO_... of <jailhouse/cell-config.h>
 * @node: "uio0", "vfio/3", the name of the device node; the name of the driver that has it for
 *	JAILHOUSE_IVSHMEM_ACCESS_NONE; or ""
 * @cells: names of the other cells on the link that exist, separated by commas; "" if none or unknown
 * @link: name of the link, where /etc/jailhouse/links.map has it, or ""
 *
 * Configurations have no names of links. `jailhouse config build --map /etc/jailhouse/links.map` writes
 * them down for the machine that the file lies on.
 */
struct jailhouse_ivshmem_info {
	uint32_t size;
	uint32_t access;
	uint32_t domain;
	uint32_t bdf;
	uint32_t protocol;
	char node[36];
	char cells[136];
	char link[64];
};
#define JAILHOUSE_IVSHMEM_INFO_INIT                                                                \
	{                                                                                          \
		sizeof(struct jailhouse_ivshmem_info), 0, 0, 0, 0, {0}, {0},                       \
		{                                                                                  \
			0                                                                          \
		}                                                                                  \
	}

struct jailhouse_ivshmem_list; /* the devices of this cell at a moment */

/**
 * jailhouse_ivshmem_list_get() - the IVSHMEM devices of this cell
 * @jh: connection, or NULL in a Linux that is not the root cell: the names of cells are unknown then
 * @ret_list: free with jailhouse_ivshmem_list_free()
 * @error: details of a failure, or NULL
 *
 * Returns 0, or JAILHOUSE_ERR_NO_MEMORY.
 */
JAILHOUSE_API int jailhouse_ivshmem_list_get(struct jailhouse *jh,
					     struct jailhouse_ivshmem_list **ret_list,
					     struct jailhouse_error *error);
/* Frees the list. */
JAILHOUSE_API void jailhouse_ivshmem_list_free(struct jailhouse_ivshmem_list *list);
/* Devices in the list, ascending by domain and address; 0 for NULL. */
JAILHOUSE_API size_t jailhouse_ivshmem_list_get_count(const struct jailhouse_ivshmem_list *list);
/* Copies one entry. Returns 0, or JAILHOUSE_ERR_ARGUMENT if @index is not below the count. */
JAILHOUSE_API int jailhouse_ivshmem_list_get_info(const struct jailhouse_ivshmem_list *list,
						  size_t index,
						  struct jailhouse_ivshmem_info *ret_info);

/**
 * jailhouse_ivshmem_find() - look for a device
 * @jh: as for jailhouse_ivshmem_list_get()
 * @name: name of a cell at the other end, name of a link, PCI address ("0001:00:0e.0" or "00:0e.0"),
 *	name of a node ("uio0"), or "" for the only one there is; also "FILE:LINK": a link as a map says
 *	that `jailhouse config build --map FILE` has written (FILE with a slash in it)
 * @ret_info: what was found
 * @error: details of a failure, or NULL
 *
 * Of several devices with that name it is the one with protocol "undefined", if there is one such: links
 * with other protocols are for drivers.
 *
 * Returns 0, or JAILHOUSE_ERR_NOT_FOUND, _EXISTS (there are several: give the PCI address), _PERMISSION (to
 * read the map), _NO_MEMORY.
 */
JAILHOUSE_API int jailhouse_ivshmem_find(struct jailhouse *jh, const char *name,
					 struct jailhouse_ivshmem_info *ret_info,
					 struct jailhouse_error *error);

struct jailhouse_ivshmem; /* an open device */

/**
 * jailhouse_ivshmem_open() - open a device and map all of it
 * @jh: as for jailhouse_ivshmem_list_get()
 * @name: as for jailhouse_ivshmem_find()
 * @ret_device: close with jailhouse_ivshmem_close(), before @jh is closed
 * @error: details of a failure, or NULL
 *
 * Where the driver is missing, a warning goes to the log callback of @jh, as programs poll then.
 *
 * Returns 0, or what jailhouse_ivshmem_find() returns, or JAILHOUSE_ERR_PERMISSION, _NO_DEVICE, _BUSY
 * (another driver has it, or another program has its VFIO group), _PROTOCOL (the device contradicts
 * itself), _NOT_SUPPORTED (a kernel without /dev/mem, a simulation, a VFIO that can't do this).
 */
JAILHOUSE_API int jailhouse_ivshmem_open(struct jailhouse *jh, const char *name,
					 struct jailhouse_ivshmem **ret_device,
					 struct jailhouse_error *error);
/*
 * Closes a device; its memory is no longer mapped, and its channels are closed before. The State
 * register becomes 0 if nobody else has the device open.
 */
JAILHOUSE_API void jailhouse_ivshmem_close(struct jailhouse_ivshmem *device);

/* JAILHOUSE_IVSHMEM_ACCESS_... Never fails. */
JAILHOUSE_API uint32_t jailhouse_ivshmem_get_access(const struct jailhouse_ivshmem *device);
/* Id of this peer. Never fails. */
JAILHOUSE_API uint32_t jailhouse_ivshmem_get_id(const struct jailhouse_ivshmem *device);
/* Peers that the link can have; ids are below. Never fails. */
JAILHOUSE_API uint32_t jailhouse_ivshmem_get_max_peers(const struct jailhouse_ivshmem *device);

/* ---- shared memory of a device ---- */

/*
 * The states of all peers, one word each, and their number. Others change them at any time.
 */
JAILHOUSE_API const uint32_t *
jailhouse_ivshmem_get_state_table(const struct jailhouse_ivshmem *device, size_t *ret_count);
/* The section that all peers write, and its size; NULL if there is none. */
JAILHOUSE_API void *jailhouse_ivshmem_get_rw_section(const struct jailhouse_ivshmem *device,
						     size_t *ret_size);
/* The output section of a peer, and its size; NULL if there is none. Writing there is not possible. */
JAILHOUSE_API const void *jailhouse_ivshmem_get_input(const struct jailhouse_ivshmem *device,
						      uint32_t peer, size_t *ret_size);
/* The own output section, and its size; NULL if there is none. */
JAILHOUSE_API void *jailhouse_ivshmem_get_output(const struct jailhouse_ivshmem *device,
						 size_t *ret_size);

/* ---- states and doorbells of a device ---- */

/* State of a peer; 0: it is not there. Returns 0, or JAILHOUSE_ERR_ARGUMENT (no such peer). */
JAILHOUSE_API int jailhouse_ivshmem_get_state(const struct jailhouse_ivshmem *device, uint32_t peer,
					      uint32_t *ret_state, struct jailhouse_error *error);
/* Sets the own state; a change interrupts all other peers. Returns 0 or an error. */
JAILHOUSE_API int jailhouse_ivshmem_set_state(struct jailhouse_ivshmem *device, uint32_t state,
					      struct jailhouse_error *error);
/*
 * Rings the doorbell of a peer: interrupt @vector there (0 if it has no MSI-X). All that was written
 * before is visible to it then. Returns 0, or JAILHOUSE_ERR_ARGUMENT (no such peer or vector).
 */
JAILHOUSE_API int jailhouse_ivshmem_ring(struct jailhouse_ivshmem *device, uint32_t peer,
					 uint32_t vector, struct jailhouse_error *error);

/*
 * Descriptor to poll, owned by the device: POLLIN after an event. Without interrupts it is a timer
 * that expires 1 ms after each jailhouse_ivshmem_arm().
 */
JAILHOUSE_API int jailhouse_ivshmem_get_fd(const struct jailhouse_ivshmem *device);
/*
 * Takes what events there are, and enables the next one (each event disables interrupts). Events
 * while they are disabled are lost: look at the shared memory after this call, then wait. Returns 0
 * or an error.
 */
JAILHOUSE_API int jailhouse_ivshmem_arm(struct jailhouse_ivshmem *device,
					struct jailhouse_error *error);
/*
 * Waits for an event: milliseconds, negative for ever, 0 to look only. Returns 1 after an event, or
 * where there are no interrupts after 1 ms; 0 if the time is over; or an error.
 */
JAILHOUSE_API int jailhouse_ivshmem_wait(struct jailhouse_ivshmem *device, int timeout_ms,
					 struct jailhouse_error *error);

/* ---- channels ---- */

struct jailhouse_channel; /* messages to and from one peer, see docs/ivshmem-channel.md */

/**
 * jailhouse_channel_open() - a channel to a peer
 * @device: device; there is one channel to a peer, and only this process uses it
 * @peer: id of the peer
 * @ret_channel: close with jailhouse_channel_close(), before the device
 * @error: details of a failure, or NULL
 *
 * The peer need not be there yet: sending and receiving wait for it. Sets the own state to 1.
 *
 * Returns 0, or JAILHOUSE_ERR_ARGUMENT (no such peer), _RESOURCES (the output sections are too small),
 * _NO_MEMORY.
 */
JAILHOUSE_API int jailhouse_channel_open(struct jailhouse_ivshmem *device, uint32_t peer,
					 struct jailhouse_channel **ret_channel,
					 struct jailhouse_error *error);
/* Closes a channel; the peer is told. */
JAILHOUSE_API void jailhouse_channel_close(struct jailhouse_channel *channel);

/*
 * Waits for the peer. Returns 1 if messages pass, 0 if the time is over, or an error as the functions
 * below. Timeouts are milliseconds, negative for ever, 0 to look only.
 */
JAILHOUSE_API int jailhouse_channel_connect(struct jailhouse_channel *channel, int timeout_ms,
					    struct jailhouse_error *error);
/* Longest message that can be sent, in bytes. */
JAILHOUSE_API size_t jailhouse_channel_get_max_size(const struct jailhouse_channel *channel);

/**
 * jailhouse_channel_send() - send a message
 * @channel: channel
 * @data: message
 * @size: its bytes, 0 included
 * @timeout_ms: how long to wait for the peer and for room
 * @error: details of a failure, or NULL
 *
 * Returns 1, 0 if the time is over, or JAILHOUSE_ERR_PEER (once, when the peer went away or started
 * anew: what was under way is lost; the next call waits for it), JAILHOUSE_ERR_PROTOCOL (it broke the
 * rules; until jailhouse_channel_reset()), JAILHOUSE_ERR_ARGUMENT (longer than the longest message).
 */
JAILHOUSE_API int jailhouse_channel_send(struct jailhouse_channel *channel, const void *data,
					 size_t size, int timeout_ms,
					 struct jailhouse_error *error);

/**
 * jailhouse_channel_receive() - copy the next message
 * @channel: channel
 * @buffer: where to put it
 * @size: bytes there
 * @ret_size: length of the message
 * @timeout_ms: how long to wait for it
 * @error: details of a failure, or NULL
 *
 * Returns 1, 0 if the time is over, or as jailhouse_channel_send(), or JAILHOUSE_ERR_TOO_SMALL: then
 * @ret_size is set, and the message is the next one still.
 */
JAILHOUSE_API int jailhouse_channel_receive(struct jailhouse_channel *channel, void *buffer,
					    size_t size, size_t *ret_size, int timeout_ms,
					    struct jailhouse_error *error);

/*
 * Waits until the peer has taken all messages: what is under way when a channel is closed is lost.
 * Returns as jailhouse_channel_send().
 */
JAILHOUSE_API int jailhouse_channel_drain(struct jailhouse_channel *channel, int timeout_ms,
					  struct jailhouse_error *error);

/* ---- channels: in place and in batches ---- */

/*
 * Room for a message of at most @size bytes, to be written in place; valid until the next call with this
 * channel that is not jailhouse_channel_commit(). Returns as jailhouse_channel_send().
 */
JAILHOUSE_API int jailhouse_channel_reserve(struct jailhouse_channel *channel, size_t size,
					    void **ret_place, int timeout_ms,
					    struct jailhouse_error *error);
/*
 * The message in the reserved room is complete, and has @size bytes. The peer sees it, and all committed
 * before, after jailhouse_channel_flush(). Returns 0, or JAILHOUSE_ERR_ARGUMENT (more than was reserved).
 */
JAILHOUSE_API int jailhouse_channel_commit(struct jailhouse_channel *channel, size_t size,
					   struct jailhouse_error *error);
/* Shows the committed messages to the peer, and wakes it if it sleeps. Returns 0 or an error. */
JAILHOUSE_API int jailhouse_channel_flush(struct jailhouse_channel *channel,
					  struct jailhouse_error *error);
/*
 * The next message, where it is; each call gives one more, and all are valid until
 * jailhouse_channel_release(). A hostile peer can change it meanwhile. Returns as
 * jailhouse_channel_receive().
 */
JAILHOUSE_API int jailhouse_channel_peek(struct jailhouse_channel *channel, const void **ret_data,
					 size_t *ret_size, int timeout_ms,
					 struct jailhouse_error *error);
/* Gives the room of all peeked messages back, and wakes the peer if it waits. Returns 0 or an error. */
JAILHOUSE_API int jailhouse_channel_release(struct jailhouse_channel *channel,
					    struct jailhouse_error *error);

/* What jailhouse_channel_prepare() waits for */
#define JAILHOUSE_CHANNEL_READ  0x1 /* a message */
#define JAILHOUSE_CHANNEL_WRITE 0x2 /* room for the longest message */

/**
 * jailhouse_channel_prepare() - before poll() in an event loop
 * @channel: channel
 * @wanted: JAILHOUSE_CHANNEL_READ, _WRITE or both
 * @error: details of a failure, or NULL
 *
 * Enables the next event of the device, and lets the peer know that a doorbell is wanted.
 *
 * Returns what is possible at once, JAILHOUSE_CHANNEL_...: then do not poll. 0: poll the descriptor of
 * the device, then call this again. Or an error as jailhouse_channel_send().
 */
JAILHOUSE_API int jailhouse_channel_prepare(struct jailhouse_channel *channel, uint32_t wanted,
					    struct jailhouse_error *error);

/*
 * Ends the session and waits for the peer anew, also after it has broken the rules; what was under way
 * is lost. Returns 0 or an error.
 */
JAILHOUSE_API int jailhouse_channel_reset(struct jailhouse_channel *channel,
					  struct jailhouse_error *error);

#ifdef __cplusplus
}
#endif

#endif /* !JAILHOUSE_IVSHMEM_PEER_H */
